using System.Globalization;
using System.Text;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <content>A description for people.</content>
public sealed partial class PackedModel
{
    /// <summary>What the model is, in lines of text: input, outputs, sizes, and every node with its shape and weights.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"format    {ModelFormat.FormatName} {ModelFormat.Version}, by {Info.Producer}");
        if (Info.Genotype is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"genotype  {Info.Genotype}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"input     {Graph.Input}{(Info.Preprocessing is null ? ", already normalised" : "")}");
        foreach (var (name, value) in Graph.Outputs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"output    {name}: {Graph.ShapeOf(value)}");
        }

        if (Info.Classes.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"classes   {Info.Classes.Count}: {string.Join(", ", Info.Classes.Take(10))}{(Info.Classes.Count > 10 ? ", ..." : "")}");
        }

        if (Info.FixedPoint is { } numbers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"fast      16-bit numbers at {numbers.Exponents.Count:N0} nodes; off the exact results by {numbers.Agreement.RelativeError:0.0e+0} of their size on {numbers.Agreement.Images:N0} images");
        }

        if (Info.Integers is { } integers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"integer   integers of {integers.Nodes.Count:N0} nodes; off the exact results by {integers.Agreement.RelativeError:0.0e+0} of their size on {integers.Agreement.Images:N0} images");
        }

        foreach (var (key, value) in Info.Cost.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"cost      {key} {value:N0}");
        }

        var (binary, real) = (Graph.Nodes.Sum(node => node.BinaryWeights), Graph.Nodes.Sum(node => node.RealParameters));
        text.AppendLine(CultureInfo.InvariantCulture, $"weights   {binary:N0} of 1 bit, {real:N0} of 32 bits");
        text.AppendLine(CultureInfo.InvariantCulture, $"memory    {ImageBytes:N0} bytes for the values of one image");
        text.AppendLine(CultureInfo.InvariantCulture, $"nodes     {Graph.Nodes.Count}");
        foreach (var node in Graph.Nodes)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {node.Name,-32} {node.Type,-24} {Graph.ShapeOf(node.Name),-22} <- {string.Join(", ", node.Inputs)}");
        }

        return text.ToString();
    }
}
