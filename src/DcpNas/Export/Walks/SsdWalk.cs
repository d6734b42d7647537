using DcpNas.Networks;
using DcpNas.Runtime.Model;
using DcpNas.Tasks.Detection;

namespace DcpNas.Export.Walks;

/// <summary>Goes through the head of a one-stage detector.</summary>
internal static class SsdWalk
{
    private const string Prefix = "head.";

    /// <summary>The name of the output with the scores of a level.</summary>
    public static string Scores(int level) => $"scores.{level}";

    /// <summary>The name of the output with the codes of a level.</summary>
    public static string Codes(int level) => $"codes.{level}";

    /// <summary>Goes through the head and makes its outputs those of the graph.</summary>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static void Run(SsdHead head, NetworkDescription description, IReadOnlyList<GraphValue> stages, PackedSink sink, GraphBuilder builder)
    {
        var parameters = new NetworkParameters(head, description, Prefix);
        var (laterals, units) = (new CellWalk<GraphValue>(parameters, sink), new ReActNetWalk<GraphValue>(parameters, sink));
        var design = head.Design;
        var before = stages[^design.Stages];
        for (var level = 0; level < design.Levels; level++)
        {
            var value = level < design.Stages
                ? laterals.Reshape($"{Prefix}laterals.{level}", stages[stages.Count - design.Stages + level], 1, activate: true)
                : units.Unit($"{Prefix}extras.{level - design.Stages}", before);
            before = value;
            for (var unit = 0; unit < design.TowerUnits; unit++)
            {
                value = units.Unit($"{Prefix}towers.{level}.{unit}", value);
            }

            builder.Output(Scores(level), Predict($"{Prefix}{Scores(level)}", value));
            builder.Output(Codes(level), Predict($"{Prefix}{Codes(level)}", value));
        }

        parameters.ThrowIfUnread();

        GraphValue Predict(string name, GraphValue input) =>
            builder.Convolution(name, input, parameters.Filter($"{name}.convolution").Weight, parameters.Read($"{name}.bias"), new ConvolutionGeometry(1));
    }
}
