using DcpNas.Networks;
using DcpNas.Tasks.Detection;

namespace DcpNas.Export.Lowering;

/// <summary>Goes through the head of a one-stage detector.</summary>
internal static class SsdLowering
{
    private const string Prefix = "head.";

    /// <summary>The name of the output with the scores of a level.</summary>
    public static string Scores(int level) => $"scores.{level}";

    /// <summary>The name of the output with the codes of a level.</summary>
    public static string Codes(int level) => $"codes.{level}";

    /// <summary>The layer that brings a stage of the backbone to the width of the head.</summary>
    public static string Lateral(int level) => $"{Prefix}laterals.{level}";

    /// <summary>The layer that makes a further level.</summary>
    public static string Extra(int extra) => $"{Prefix}extras.{extra}";

    /// <summary>A layer before the last ones of a level.</summary>
    public static string Tower(int level, int unit) => $"{Prefix}towers.{level}.{unit}";

    /// <summary>Goes through the head; its outputs become those of the graph.</summary>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static void Run<T>(SsdHead head, NetworkDescription description, IReadOnlyList<T> stages, INetworkEmitter<T> emitter)
        where T : class
    {
        var parameters = new NetworkParameters(head, description, Prefix);
        var (laterals, units) = (new CellLowering<T>(parameters, emitter), new ReActNetLowering<T>(parameters, emitter));
        var design = head.Design;
        var (scores, codes) = (new List<T>(), new List<T>());
        var before = stages[^design.FeatureLevels];
        for (var level = 0; level < design.Levels; level++)
        {
            var value = level < design.FeatureLevels
                ? laterals.Reshape(Lateral(level), stages[stages.Count - design.FeatureLevels + level], 1, activate: true)
                : units.Unit(Extra(level - design.FeatureLevels), before);
            before = value;
            for (var unit = 0; unit < design.HeadConvs; unit++)
            {
                value = units.Unit(Tower(level, unit), value);
            }

            scores.Add(Predict($"{Prefix}{Scores(level)}", value));
            codes.Add(Predict($"{Prefix}{Codes(level)}", value));
        }

        var numbers = parameters.Read($"{Prefix}{Scores(0)}.bias").Length / design.Anchors[0].Count;
        parameters.ThrowIfUnread();
        emitter.Detect(scores, codes, numbers);

        T Predict(string name, T input) => emitter.Predict(name, input, parameters.Filter($"{name}.convolution"), parameters.Read($"{name}.bias"));
    }
}
