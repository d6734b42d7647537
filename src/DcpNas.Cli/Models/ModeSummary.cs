using System.Text.Json.Nodes;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>What <c>dcpnas inspect</c> shows of a mode that a model has besides the exact one.</summary>
internal static class ModeSummary
{
    /// <summary>As JSON.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">A mode that it has.</param>
    /// <param name="nodes">Nodes with numbers of the mode.</param>
    /// <param name="calibrationImages">Images that these were made from.</param>
    public static JsonObject ToJson(PackedModel model, NumericMode mode, int nodes, long calibrationImages)
    {
        var agreement = Modes.AgreementOf(model, mode);
        return new JsonObject
        {
            ["nodes"] = nodes,
            ["calibration_images"] = calibrationImages,
            ["images"] = agreement.Images,
            ["relative_error"] = agreement.RelativeError,
            ["same_class"] = agreement.SameClass,
            ["exact_top1"] = agreement.ExactTop1,
            [$"{Modes.NameOf(mode)}_top1"] = agreement.FastTop1,
            ["image_bytes"] = model.ImageBytesIn(mode),
        };
    }

    /// <summary>How near it comes to the exact mode, and what it takes, for people.</summary>
    public static string Agreement(PackedModel model, NumericMode mode) =>
        Text($"{Modes.Describe(Modes.AgreementOf(model, mode))}; {model.ImageBytesIn(mode):N0} bytes for the values of one image");
}
