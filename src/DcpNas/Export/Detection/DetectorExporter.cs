using DcpNas.Export.Walks;
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
    /// <exception cref="InputException">The network has no packed form, or a parameter is not finite.</exception>
    public static PackedModel Export(TaskNetwork network, DetectionTask task, ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(info);
        var description = network.Backbone.Description;
        var head = network.Head as SsdHead ?? throw new InputException($"A {network.Head.GetName()} cannot be exported. Export a one-stage detector.");
        return PackedExporter.Walk(network.Backbone, head).Build(info with
        {
            Genotype = info.Genotype ?? description.Genotype?.ToString(),
            Cost = PackedExporter.CostOf(task.Cost(description).Total),
            Detector = new DetectorInfo
            {
                Levels = [.. task.Design.Anchors.Select((anchors, level) => new DetectorLevel(SsdWalk.Scores(level), SsdWalk.Codes(level), anchors))],
                Settings = task.Design.Settings,
            },
        });
    }
}
