using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Proves on images that a packed model computes what its network computes.</summary>
/// <remarks>
/// <para>The graph of the network is computed in float64 (<see cref="ReferenceNetwork"/>), from the same float32 parameters, in step with the model. Demanded of every image: equal whole-number
/// sums of every 1-bit convolution, or, where the model compares them at once, equal bits; equal bits of real numbers, but where the number is within
/// <c>1e-5</c> of the largest of its map from the threshold, which float32 cannot decide (counted as <see cref="ProofReport.RoundingTies"/>); logits, or numbers of an embedding, within
/// 1e-5 of the largest one of the image. The signs of all weights are compared first.</para>
/// <para>Why float64: see <see cref="ThresholdFolding"/>. How the float32 network itself compares is <see cref="ProofReport.FloatAgreement"/>.</para>
/// </remarks>
public static class ExportProof
{
    /// <summary>The largest difference of a logit or of a number of an embedding, as a share of the largest one of the image.</summary>
    public const double LogitTolerance = 1e-5;

    /// <summary>The least cosine of two embeddings that agree.</summary>
    public const double AgreeingCosine = 0.99;

    /// <summary>Runs the proof.</summary>
    /// <param name="backbone">The network; its mode and its gradients stay as they are.</param>
    /// <param name="head">Its head.</param>
    /// <param name="model">The model made of them.</param>
    /// <param name="images">Batches <c>[N, C, H, W]</c>, normalised; disposed by the caller.</param>
    /// <param name="progress">Told the number of images so far.</param>
    /// <param name="cancellation">Ends the proof.</param>
    /// <exception cref="ExportMismatchException">They differ.</exception>
    /// <exception cref="InputException">There is no image.</exception>
    public static ProofReport Run(
        Backbone backbone, TaskHead head, PackedModel model, IEnumerable<Tensor> images, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using var _ = no_grad();
        using var runner = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        using var replay = new LayerReplay(backbone.BinaryLayers, runner);
        using var reference = new ReferenceNetwork(backbone, head, replay);
        var weights = replay.CompareWeights();
        var output = head is LinearHead ? GraphOutput.Logits : GraphOutput.Embedding;
        var (count, agreeing, error) = (0L, 0L, 0.0);
        foreach (var batch in images)
        {
            using var scope = NewDisposeScope();
            var trained = AsTrained(backbone, head, batch);
            for (var i = 0; i < batch.shape[0]; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                var image = batch.narrow(0, i, 1);
                runner.Run(NetworkParameters.Numbers("the image", image), PixelLayout.Nchw);
                replay.Start(count);
                var expected = reference.Run(image)[0];
                replay.Finish();
                var found = runner.Output(output);
                error = Math.Max(error, Compare(output, count, expected.data<double>().ToArray(), found));
                agreeing += Agree(output, trained.AsSpan(i * found.Length, found.Length), found) ? 1 : 0;
                count++;
                progress?.Invoke(count);
            }
        }

        return count == 0 ? throw new InputException("A proof needs at least one image, got none. Use a data set with validation images.") : new ProofReport
        {
            Output = output,
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

    /// <summary>What the network as it was trained says, row by row.</summary>
    private static float[] AsTrained(Backbone backbone, TaskHead head, Tensor images)
    {
        using var scope = NewDisposeScope();
        var (wasTraining, headWasTraining) = (backbone.training, head.training);
        backbone.eval();
        head.eval();
        try
        {
            var device = head.parameters().First().device;
            return head.Run(backbone.Run(images.to(device)))[0].to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        }
        finally
        {
            backbone.train(wasTraining);
            head.train(headWasTraining);
        }
    }

    private static double Compare(string output, long image, double[] expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length)
        {
            throw new ExportMismatchException(output, $"image {image}", $"{expected.Length} numbers", $"{found.Length}");
        }

        var (largest, error) = (expected.Max(Math.Abs), 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(expected[i] - found[i]);
            if (!(difference <= LogitTolerance * largest))
            {
                throw new ExportMismatchException(output, $"image {image}, {(output == GraphOutput.Logits ? "class" : "number")} {i}", $"{expected[i]} within {LogitTolerance} of {largest}", $"{found[i]}");
            }

            error = Math.Max(error, largest > 0 ? difference / largest : 0);
        }

        return error;
    }

    private static bool Agree(string output, ReadOnlySpan<float> trained, ReadOnlySpan<float> found)
    {
        if (output == GraphOutput.Logits)
        {
            return IndexOfLargest(trained) == IndexOfLargest(found);
        }

        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            product += (double)trained[i] * found[i];
            first += (double)trained[i] * trained[i];
            second += (double)found[i] * found[i];
        }

        return product >= AgreeingCosine * Math.Sqrt(first * second);
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
