using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <content>The form for shipping.</content>
public sealed partial class PackedModel
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The same network with a smaller file: its nodes have names of a few letters, and genotype, network and cost, which no runtime reads, are gone.</summary>
    /// <remarks>Names of outputs and classes, weights and results stay bit for bit; a program that reads results by the name of an output sees no difference.</remarks>
    public PackedModel Compact()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Graph.Nodes)
        {
            names.Add(node.Name, ShortName(names.Count));
        }

        using var stream = new MemoryStream();
        ModelWriter.Write(new PackedModel(Graph, Info with { Genotype = null, Network = null, Cost = new Dictionary<string, double>() }), stream, names);
        stream.Position = 0;
        return Load(stream, "the compact model");
    }

    /// <summary>The number in letters and digits; never <c>image</c>, which has five.</summary>
    private static string ShortName(int number) => number < Digits.Length ? $"{Digits[number]}" : $"{ShortName((number / Digits.Length) - 1)}{Digits[number % Digits.Length]}";
}
