using System.Text;
using System.Text.Json;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>What a model file says besides its graph.</summary>
public sealed record ModelInfo
{
    /// <summary>The program that wrote the file, with its version.</summary>
    public required string Producer { get; init; }

    /// <summary>The genotype of the network in the text or JSON form of the search, or null.</summary>
    public string? Genotype { get; init; }

    /// <summary>
    /// The description of the network as whoever made the file writes it, a JSON object as text, or null. Runtimes pass it on; the training program builds the same architecture from it.
    /// </summary>
    public string? Network { get; init; }

    /// <summary>How pixels become numbers, or null where callers provide numbers.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Names of the classes in the order of the logits; empty where there are none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Numbers of the cost report (operations, memory), by name.</summary>
    public IReadOnlyDictionary<string, double> Cost { get; init; } = new Dictionary<string, double>();

    /// <summary>How outputs become boxes, or null where the model is no detector.</summary>
    public DetectorInfo? Detector { get; init; }

    /// <summary>What <see cref="NumericMode.Fast"/> needs, or null where the model has no such mode.</summary>
    public FixedPointInfo? FixedPoint { get; init; }

    /// <summary>What <see cref="NumericMode.Integer"/> needs, or null where the model has no such mode.</summary>
    public IntegerInfo? Integers { get; init; }

    /// <summary>Checks the information against its graph.</summary>
    /// <exception cref="ModelFaultException">It does not fit.</exception>
    internal void Check(ModelGraph graph)
    {
        CheckNetwork();
        Preprocessing?.Check(graph.Input.Channels);
        foreach (var (key, value) in Cost)
        {
            if (!double.IsFinite(value))
            {
                throw new ModelFaultException($"cost '{key}'", "a finite number", $"{value}");
            }
        }

        Detector?.Check(graph, Classes.Count);
        FixedPoint?.Check(graph);
        Integers?.Check(graph, Preprocessing);
        if (Classes.Count > 0 && graph.Outputs.FirstOrDefault(output => output.Name == GraphOutput.Logits) is { } logits
            && graph.ShapeOf(logits.Value).Elements is var count && count != Classes.Count)
        {
            throw new ModelFaultException("the classes", $"{count} names, one per logit", $"{Classes.Count}");
        }
    }

    private void CheckNetwork()
    {
        const string Place = "the network";
        var text = Encoding.UTF8.GetBytes(Network ?? "{}");
        if (text.Length > ModelLimits.NetworkBytes)
        {
            throw new ModelFaultException(Place, $"at most {ModelLimits.NetworkBytes} bytes", $"{text.Length}");
        }

        try
        {
            using var document = JsonDocument.Parse(text, JsonPlace.Strict);
            new JsonPlace(document.RootElement, Place).Members();
        }
        catch (JsonException error)
        {
            throw new ModelFaultException(Place, "a JSON object", $"broken text ({error.Message.TrimEnd('.')})");
        }
    }
}
