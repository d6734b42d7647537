using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>How boxes are found on a backbone: the head, the loss of its outputs, and the boxes that these stand for. Data, measures and reports know no more of a detector.</summary>
/// <remarks>Loss and boxes are those of the head that was created last; all heads of a task stand on backbones of one size of images.</remarks>
public interface IDetector
{
    /// <summary>Which one it is.</summary>
    DetectorKind Kind { get; }

    /// <summary>Builds the head with fresh weights from the global generator of torch.</summary>
    /// <param name="backbone">What it stands on.</param>
    /// <param name="classes">Classes without the background, at least 1.</param>
    /// <exception cref="InputException">The backbone has too few stages.</exception>
    TaskHead CreateHead(Backbone backbone, int classes);

    /// <summary>The loss of a batch, a scalar with its graph.</summary>
    /// <param name="outputs">Of the head in training mode.</param>
    /// <param name="targets">The objects.</param>
    /// <param name="teacher">The outputs of a teacher of the same kind, constants; null without one.</param>
    Tensor Loss(IReadOnlyList<Tensor> outputs, DetectionTargets targets, IReadOnlyList<Tensor>? teacher);

    /// <summary>The boxes of each image of a batch, by falling score.</summary>
    /// <param name="outputs">Of the head, in any mode.</param>
    IReadOnlyList<IReadOnlyList<BoxCandidate>> Find(IReadOnlyList<Tensor> outputs);

    /// <summary>What the layers of the head cost per image at inference.</summary>
    /// <param name="network">The backbone.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="classes">Classes without the background.</param>
    /// <exception cref="InputException">The backbone has too few stages.</exception>
    IEnumerable<CostLayer> Cost(NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes);

    /// <summary>What rebuilds the detector, as <see cref="DetectorCatalog"/> reads it.</summary>
    JsonObject Describe();
}
