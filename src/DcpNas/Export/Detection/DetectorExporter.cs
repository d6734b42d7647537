using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;

namespace DcpNas.Export;

/// <summary>Makes a packed model of a trained one-stage detector. Its outputs are the scores and codes of every level; the model says how they become boxes.</summary>
public static class DetectorExporter
{
    /// <summary>Makes the model.</summary>
    /// <param name="network">The network, with 1-bit weights and the head of SSD; its mode does not matter.</param>
    /// <param name="task">Its task.</param>
    /// <param name="info">Producer, preprocessing and classes; detector, genotype and cost are filled in.</param>
    /// <exception cref="InputException">Detector or network have no packed form, or a parameter is not finite.</exception>
    public static PackedModel Export(TaskNetwork network, DetectionTask task, ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(info);
        var description = network.Backbone.Description;
        var detector = DetectorOf(task, "The network");
        return PackedExporter.Walk(network.Backbone, network.Head).Build(info with
        {
            Genotype = info.Genotype ?? description.Genotype?.ToString(),
            Cost = PackedExporter.CostOf(task.Cost(description).Total),
            Detector = new DetectorInfo
            {
                Levels = [.. detector.Design.Anchors.Select((anchors, level) => new DetectorLevel(Scores(level), Codes(level), anchors))],
                Settings = detector.Design.Settings,
            },
        });
    }

    /// <summary>The name of the output with the scores of a level.</summary>
    internal static string Scores(int level) => $"scores.{level}";

    /// <summary>The name of the output with the codes of a level.</summary>
    internal static string Codes(int level) => $"codes.{level}";

    /// <summary>The detector of a task, which has a packed form.</summary>
    /// <param name="task">The task.</param>
    /// <param name="whose">The checkpoint, for the message.</param>
    /// <exception cref="InputException">It has none.</exception>
    internal static OneStageDetector DetectorOf(DetectionTask task, string whose) => task.Detector as OneStageDetector ?? throw new InputException(
        $"{whose}: a detector {DetectorCatalog.NameOf(task.Detector.Kind)} cannot be exported: it cuts regions out of its maps while it runs, for which neither packed models nor our ONNX files have a layer. "
        + $"Use the checkpoint itself (dcpnas detect predict), or train a detector for devices with --detector {DetectorCatalog.NameOf(DetectorKind.OneStage)}.");
}
