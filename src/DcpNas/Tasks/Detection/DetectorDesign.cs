using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection;

/// <summary>The maps of a detector, their anchors and the coding of its boxes: all that rebuilds a one-stage detector, and the first half of a two-stage one. Immutable; stored in every checkpoint.</summary>
public sealed record DetectorDesign
{
    private const string Place = "task_detail";

    /// <summary>Stages of the backbone, from the last, whose maps the detector reads.</summary>
    [Option("Stages of the backbone, from the last, whose maps the detector reads (input levels of the feature pyramid)", Min = 1, Max = 16, Formerly = "stages")]
    public int FeatureLevels { get; init; } = 3;

    /// <summary>Further maps, each half as large as the one before.</summary>
    [Option("Extra levels above those of the backbone, each at half the resolution", Min = 0, Max = 8)]
    public int ExtraLevels { get; init; }

    /// <summary>Channels of the maps that boxes are read from.</summary>
    [Option("Channels of the neck: of the maps from which boxes are predicted", Min = 1, Max = 4096)]
    public int NeckChannels { get; init; } = 64;

    /// <summary>3x3 units before the last layers of each level.</summary>
    [Option("1-bit 3x3 convolutions of each level: in the head before its predictor (one_stage), at the output of the pyramid (faster_rcnn)", Min = 0, Max = 16, Formerly = "tower_units")]
    public int HeadConvs { get; init; } = 1;

    /// <summary>Sizes of the anchors of each level, in shares of the image.</summary>
    public IReadOnlyList<IReadOnlyList<AnchorSize>> Anchors { get; init; } = [];

    /// <summary>How boxes are coded and chosen.</summary>
    public DetectorSettings Settings { get; init; } = new();

    /// <summary>Resolutions.</summary>
    public int Levels => FeatureLevels + ExtraLevels;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this), .. Settings.Problems()];

    /// <summary>Refuses the design where no head can be built from it.</summary>
    /// <param name="more">What is wrong beside it, one sentence each.</param>
    /// <exception cref="OptionsException">There are problems.</exception>
    /// <exception cref="InputException">There is a level without anchors.</exception>
    internal void ThrowIfUnusable(IEnumerable<string> more)
    {
        if (Problems().Concat(more).ToList() is { Count: > 0 } problems)
        {
            throw new OptionsException("detection options", problems);
        }

        if (Anchors.Count != Levels || Anchors.Any(level => level.Count == 0))
        {
            throw new InputException($"A detector needs anchors for each of its {Levels} levels, got {Anchors.Count}. Give some to every level.");
        }
    }

    /// <summary>As JSON. The keys are those of the format of checkpoints, not of options.</summary>
    public JsonObject ToJson() => new()
    {
        ["stages"] = FeatureLevels,
        ["extra_levels"] = ExtraLevels,
        ["neck_channels"] = NeckChannels,
        ["tower_units"] = HeadConvs,
        ["anchors"] = new JsonArray([.. Anchors.Select(level => (JsonNode)new JsonArray([.. level.Select(size => (JsonNode)new JsonArray(size.Width, size.Height))]))]),
        ["settings"] = JsonSerializer.SerializeToNode(Settings, OptionsJson.Format),
    };

    /// <summary>From the JSON of a checkpoint.</summary>
    /// <param name="json">As <see cref="ToJson"/> writes it.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <exception cref="InputException">Something is missing or out of range.</exception>
    public static DetectorDesign FromJson(JsonObject json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        var part = PartOf(json, source);
        var design = new DetectorDesign
        {
            FeatureLevels = part["stages"].Whole(),
            ExtraLevels = part["extra_levels"].Whole(),
            NeckChannels = part["neck_channels"].Whole(),
            HeadConvs = part["tower_units"].Whole(),
            Anchors = [.. part["anchors"].Items().Select(level => (IReadOnlyList<AnchorSize>)[.. level.Items().Select(SizeOf)])],
            Settings = part["settings"].As<DetectorSettings>(),
        };
        ThrowIfAny(design.Problems(), source);
        return design.Anchors.Count == design.Levels && design.Anchors.All(level => level.Count > 0)
            ? design
            : throw part["anchors"].Fault($"some for each of {design.Levels} levels");
    }

    /// <summary>What a checkpoint says of a detector.</summary>
    internal static JsonPart PartOf(JsonObject json, string source) => new(json, source, Place, "Use a checkpoint that dcpnas train wrote.");

    /// <summary>Refuses numbers of a checkpoint that are out of range.</summary>
    /// <exception cref="OptionsException">There are problems.</exception>
    internal static void ThrowIfAny(IReadOnlyList<string> problems, string source)
    {
        if (problems.Count > 0)
        {
            throw new OptionsException($"{source}, {Place}", problems);
        }
    }

    private static AnchorSize SizeOf(JsonPart part) => part.Items() is [var width, var height] && width.Real() is > 0 and var w && height.Real() is > 0 and var h
        ? new AnchorSize(w, h)
        : throw part.Fault("a width and a height above 0");
}
