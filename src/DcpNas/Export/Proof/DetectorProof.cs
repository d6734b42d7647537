using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Proves on images that a packed detector computes what its network computes, as <see cref="ExportProof"/> does of classifiers.</summary>
/// <remarks>
/// Sums, bits and weights as there, of the layers of neck and head too. Scores and codes within 1e-5 of the largest one of the image. Boxes are made of them by one and the same
/// <see cref="DetectionDecoder"/> in training and in the runtime.
/// </remarks>
public static class DetectorProof
{
    /// <summary>The least overlap of two boxes that agree.</summary>
    public const double AgreeingOverlap = 0.9;

    private const string Boxes = "boxes";

    /// <summary>Runs the proof.</summary>
    /// <param name="network">The network; its mode and its gradients stay as they are.</param>
    /// <param name="task">Its task, which has built its head.</param>
    /// <param name="model">The model made of them.</param>
    /// <param name="images">Batches <c>[N, C, H, W]</c>, normalised; disposed by the caller.</param>
    /// <param name="progress">Told the number of images so far.</param>
    /// <param name="cancellation">Ends the proof.</param>
    /// <exception cref="ExportMismatchException">They differ.</exception>
    /// <exception cref="InputException">There is no image, or the detector has no packed form.</exception>
    public static ProofReport Run(
        TaskNetwork network, DetectionTask task, PackedModel model, IEnumerable<Tensor> images, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using var _ = no_grad();
        var detector = DetectorExporter.DetectorOf(task, "The network");
        using var runner = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        using var replay = new LayerReplay(network.BinaryLayers, runner);
        using var reference = new ReferenceNetwork(network.Backbone, network.Head, replay);
        var weights = replay.CompareWeights();
        var levels = model.Info.Detector!.Levels;
        var (count, agreeing, error) = (0L, 0L, 0.0);
        foreach (var batch in images)
        {
            for (var i = 0; i < batch.shape[0]; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var image = batch.narrow(0, i, 1);
                runner.Run(NetworkParameters.Numbers("the image", image), PixelLayout.Nchw);
                replay.Start(count);
                var expected = reference.Run(image);
                replay.Finish();
                float[] scores = [.. levels.SelectMany(level => runner.Output(level.Scores).ToArray())];
                float[] codes = [.. levels.SelectMany(level => runner.Output(level.Boxes).ToArray())];
                error = Math.Max(error, Compare("scores", count, expected[0].reshape(-1).data<double>().ToArray(), scores));
                error = Math.Max(error, Compare("codes", count, expected[1].reshape(-1).data<double>().ToArray(), codes));
                agreeing += Agree(FirstBox(detector, AsTrained(network, image)), FirstBox(detector, (scores, codes))) ? 1 : 0;
                count++;
                progress?.Invoke(count);
            }
        }

        return count == 0 ? throw new InputException("A proof needs at least one image, got none. Use a data set with validation images.") : new ProofReport
        {
            Output = Boxes,
            Images = count,
            BinaryLayers = network.BinaryLayers.Count,
            Weights = weights,
            Sums = replay.EqualSums,
            SumSigns = replay.EqualSumSigns,
            RealSigns = replay.EqualRealSigns,
            RoundingTies = replay.RoundingTies,
            LogitError = error,
            FloatAgreement = (double)agreeing / count,
        };
    }

    /// <summary>What the network as it was trained says.</summary>
    private static (float[] Scores, float[] Codes) AsTrained(TaskNetwork network, Tensor image)
    {
        using var scope = NewDisposeScope();
        var wasTraining = network.training;
        network.eval();
        try
        {
            var main = network.Run(image.to(network.parameters().First().device)).Main;
            return (NetworkParameters.Numbers("scores", main[0]), NetworkParameters.Numbers("codes", main[1]));
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    private static double Compare(string output, long image, double[] expected, float[] found)
    {
        if (expected.Length != found.Length)
        {
            throw new ExportMismatchException(output, $"image {image}", $"{expected.Length} numbers", $"{found.Length}");
        }

        var (largest, error) = (expected.Max(Math.Abs), 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(expected[i] - found[i]);
            if (!(difference <= ExportProof.LogitTolerance * largest))
            {
                throw new ExportMismatchException(output, $"image {image}, number {i}", $"{expected[i]} within {ExportProof.LogitTolerance} of {largest}", $"{found[i]}");
            }

            error = Math.Max(error, largest > 0 ? difference / largest : 0);
        }

        return error;
    }

    private static BoxCandidate? FirstBox(OneStageDetector detector, (float[] Scores, float[] Codes) outputs) =>
        detector.Decoder.Decode(outputs.Scores, outputs.Codes) is [var first, ..] ? first : null;

    private static bool Agree(BoxCandidate? trained, BoxCandidate? found) =>
        trained is { } one && found is { } other ? one.Class == other.Class && one.OverlapWith(other) >= AgreeingOverlap : trained is null && found is null;
}
