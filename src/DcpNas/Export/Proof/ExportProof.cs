using DcpNas.Binarization;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Proves on images that a packed model computes what its network computes.</summary>
/// <remarks>
/// <para>The graph of the network is computed in float64 (<see cref="ReferenceNetwork"/>), from the same float32 parameters, in step with the model.
/// Demanded of every image: equal whole-number sums of every 1-bit convolution, or, where the model compares them at once, equal bits; equal bits of real
/// numbers, but where the number is within <c>1e-5</c> of the largest of its map from the threshold, which float32 cannot decide (counted as
/// <see cref="ProofReport.RoundingTies"/>); logits, numbers of an embedding, scores or codes of boxes within 1e-5 of the largest one of the image. The signs
/// of all weights are compared first. Boxes are made of scores and codes by one and the same <see cref="DetectionDecoder"/> in training and in the runtime.</para>
/// <para>Why float64: see <see cref="ThresholdFolding"/>. How the float32 network itself compares is <see cref="ProofReport.FloatAgreement"/>.</para>
/// </remarks>
public static class ExportProof
{
    /// <summary>The largest difference of a logit or of a number of an embedding, as a share of the largest one of the image.</summary>
    public const double LogitTolerance = 1e-5;

    /// <summary>The least cosine of two embeddings that agree.</summary>
    public const double AgreeingCosine = 0.99;

    /// <summary>The least overlap of two boxes that agree.</summary>
    public const double AgreeingOverlap = 0.9;

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
        BinaryConvolution[] layers = [.. backbone.Convolutions.Concat(head.Convolutions).OfType<BinaryConvolution>()];
        using var replay = new LayerReplay(layers, runner);
        using var reference = new ReferenceNetwork(backbone, head, replay);
        var weights = replay.CompareWeights();
        var outputs = ProofOutputs.Of(head, model);
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
                var expected = reference.Run(image);
                replay.Finish();
                var found = outputs.Found(runner);
                for (var output = 0; output < found.Length; output++)
                {
                    var numbers = expected[output].reshape(-1).data<double>().ToArray();
                    error = Math.Max(error, Compare(outputs.Names[output], $"image {count}, {outputs.Number}", numbers, found[output]));
                }

                agreeing += outputs.Agree([.. trained.Select(output => NetworkParameters.Numbers("an output", output[i]))], found) ? 1 : 0;
                count++;
                progress?.Invoke(count);
            }
        }

        return count == 0 ? throw new InputException("A proof needs at least one image, got none. Use a data set with validation images.") : new ProofReport
        {
            Output = outputs.Kind,
            Images = count,
            BinaryLayers = layers.Length,
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
    private static IReadOnlyList<Tensor> AsTrained(Backbone backbone, TaskHead head, Tensor images)
    {
        using var scope = NewDisposeScope();
        var (wasTraining, headWasTraining) = (backbone.training, head.training);
        backbone.eval();
        head.eval();
        try
        {
            return [.. head.Run(backbone.Run(images.to(head.parameters().First().device))).Select(output => output.MoveToOuterDisposeScope())];
        }
        finally
        {
            backbone.train(wasTraining);
            head.train(headWasTraining);
        }
    }

    private static double Compare(string output, string place, double[] expected, float[] found)
    {
        if (expected.Length != found.Length)
        {
            throw new ExportMismatchException(output, place, $"{expected.Length} numbers", $"{found.Length}");
        }

        var (largest, error) = (expected.Max(Math.Abs), 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(expected[i] - found[i]);
            if (!(difference <= LogitTolerance * largest))
            {
                throw new ExportMismatchException(output, $"{place} {i}", $"{expected[i]} within {LogitTolerance} of {largest}", $"{found[i]}");
            }

            error = Math.Max(error, largest > 0 ? difference / largest : 0);
        }

        return error;
    }
}
