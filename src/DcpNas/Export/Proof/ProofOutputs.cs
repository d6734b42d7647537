using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Export;

/// <summary>What the outputs of a head are in a packed model, and when two results of an image say the same.</summary>
/// <param name="Kind">Logits, embedding or boxes.</param>
/// <param name="Names">The outputs, in the order of the head.</param>
/// <param name="Number">What one of their numbers stands for.</param>
/// <param name="Found">Their numbers of the image that a runner has run, one array per output.</param>
/// <param name="Agree">Whether two results have the same first class or box, or nearly the same direction.</param>
internal sealed record ProofOutputs(
    string Kind, IReadOnlyList<string> Names, string Number, Func<PackedRunner, float[][]> Found, Func<float[][], float[][], bool> Agree)
{
    /// <summary>Those of a head that has a packed form.</summary>
    public static ProofOutputs Of(TaskHead head, PackedModel model) => head switch
    {
        LinearHead => OfVector(GraphOutput.Logits, "class", (first, second) => IndexOfLargest(first) == IndexOfLargest(second)),
        EmbeddingHead => OfVector(GraphOutput.Embedding, "number", AreParallel),
        SsdHead detector => OfBoxes(detector, model.Info.Detector!.Levels),
        _ => throw new InvalidOperationException($"Bug in DcpNas: no proof of the head {head.GetName()}."),
    };

    private static ProofOutputs OfVector(string output, string number, Func<float[], float[], bool> agree) =>
        new(output, [output], number, runner => [runner.Output(output).ToArray()], (first, second) => agree(first[0], second[0]));

    private static ProofOutputs OfBoxes(SsdHead detector, IReadOnlyList<DetectorLevel> levels)
    {
        var decoder = detector.CreateDecoder();
        return new("boxes", ["scores", "codes"], "number", Found, Agree);

        float[][] Found(PackedRunner runner) =>
        [
            [.. levels.SelectMany(level => runner.Output(level.Scores).ToArray())],
            [.. levels.SelectMany(level => runner.Output(level.Boxes).ToArray())],
        ];

        bool Agree(float[][] first, float[][] second) => (FirstBox(first), FirstBox(second)) switch
        {
            ({ } one, { } other) => one.Class == other.Class && one.OverlapWith(other) >= ExportProof.AgreeingOverlap,
            (null, null) => true,
            _ => false,
        };

        BoxCandidate? FirstBox(float[][] outputs) => decoder.Decode(outputs[0], outputs[1]) is [var first, ..] ? first : null;
    }

    private static bool AreParallel(float[] first, float[] second)
    {
        var (product, firstSquares, secondSquares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < second.Length; i++)
        {
            product += (double)first[i] * second[i];
            firstSquares += (double)first[i] * first[i];
            secondSquares += (double)second[i] * second[i];
        }

        return product >= ExportProof.AgreeingCosine * Math.Sqrt(firstSquares * secondSquares);
    }

    private static int IndexOfLargest(float[] values) => Array.IndexOf(values, values.Max());
}
