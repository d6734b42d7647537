using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Proves on images that a packed model computes what its network computes.</summary>
/// <remarks>
/// <para>The network is replayed in float64, from the same modules and the same float32 parameters, in step with the model. Demanded of every image: equal whole-number
/// sums of every 1-bit convolution, or, where the model compares them at once, equal bits; equal bits of real numbers, but where the number is within
/// <c>1e-5</c> of the largest of its map from the threshold, which float32 cannot decide (counted as <see cref="ProofReport.RoundingTies"/>); logits within 1e-5 of the
/// largest one of the image. The signs of all weights are compared first.</para>
/// <para>Why float64: see <see cref="ThresholdFolding"/>. How the float32 network itself compares is <see cref="ProofReport.FloatAgreement"/>.</para>
/// </remarks>
public static class ExportProof
{
    /// <summary>The largest difference of a logit, as a share of the largest logit of the image.</summary>
    public const double LogitTolerance = 1e-5;

    /// <summary>Runs the proof.</summary>
    /// <param name="backbone">The network; its mode and its gradients stay as they are.</param>
    /// <param name="head">The classifier on it.</param>
    /// <param name="model">The model made of them.</param>
    /// <param name="images">Batches <c>[N, C, H, W]</c>, normalised; disposed by the caller.</param>
    /// <param name="progress">Told the number of images so far.</param>
    /// <param name="cancellation">Ends the proof.</param>
    /// <exception cref="ExportMismatchException">They differ.</exception>
    /// <exception cref="InputException">There is no image.</exception>
    public static ProofReport Run(
        Backbone backbone, LinearHead head, PackedModel model, IEnumerable<Tensor> images, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using var _ = no_grad();
        using var reference = new ReferenceNetwork(backbone, head);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        using var replay = new LayerReplay(backbone.BinaryLayers, reference.Backbone.BinaryLayers, runner);
        var weights = replay.CompareWeights();
        var (count, agreeing, error) = (0L, 0L, 0.0);
        foreach (var batch in images)
        {
            using var scope = NewDisposeScope();
            var classes = FirstClasses(backbone, head, batch);
            for (var i = 0; i < batch.shape[0]; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                var image = batch.narrow(0, i, 1);
                runner.Run(NetworkParameters.Numbers("the image", image), PixelLayout.Nchw);
                replay.Start(count);
                var expected = replay.Listen(() => reference.Logits(image));
                replay.Finish();
                error = Math.Max(error, Compare(count, expected.data<double>().ToArray(), runner.Logits));
                agreeing += classes[i] == IndexOfLargest(runner.Logits) ? 1 : 0;
                count++;
                progress?.Invoke(count);
            }
        }

        return count == 0 ? throw new InputException("A proof needs at least one image, got none. Use a data set with validation images.") : new ProofReport
        {
            Images = count,
            BinaryLayers = backbone.BinaryLayers.Count,
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
    private static long[] FirstClasses(Backbone backbone, LinearHead head, Tensor images)
    {
        using var scope = NewDisposeScope();
        var wasTraining = backbone.training;
        backbone.eval();
        try
        {
            return nn.functional.linear(backbone.Features(images.to(head.Weight.device)), head.Weight, head.Bias).argmax(1).cpu().data<long>().ToArray();
        }
        finally
        {
            backbone.train(wasTraining);
        }
    }

    private static double Compare(long image, double[] expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length)
        {
            throw new ExportMismatchException(GraphOutput.Logits, $"image {image}", $"{expected.Length} numbers", $"{found.Length}");
        }

        var (largest, error) = (expected.Max(Math.Abs), 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(expected[i] - found[i]);
            if (!(difference <= LogitTolerance * largest))
            {
                throw new ExportMismatchException(GraphOutput.Logits, $"image {image}, class {i}", $"{expected[i]} within {LogitTolerance} of {largest}", $"{found[i]}");
            }

            error = Math.Max(error, largest > 0 ? difference / largest : 0);
        }

        return error;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
