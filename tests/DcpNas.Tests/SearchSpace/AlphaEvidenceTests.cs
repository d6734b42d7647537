using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.SearchSpace;

/// <summary>The distribution of candidates that alpha speaks for.</summary>
public class AlphaEvidenceTests
{
    private static readonly int None = OperationNames.IndexOf(OperationNames.None);
    private static readonly int MaxPool = OperationNames.IndexOf(OperationNames.MaxPool);
    private static readonly int Skip = OperationNames.IndexOf(OperationNames.Skip);

    [Fact]
    public void Probabilities_OfTwoOperationsApart_AreTheHandWorkedOnes()
    {
        // Two edges. Max pooling: 0.3 and 0.5, mean 0.4, deviation 0.2 / sqrt 2; all others -0.1 and 0.1, mean 0, the same deviation.
        var alpha = Rows(2, (edge, column) => (column == MaxPool ? 0.4 : 0) + (edge == 0 ? -0.1 : 0.1));

        var probabilities = AlphaEvidence.Probabilities(alpha);

        // t of the mean: deviation / sqrt 2 = 0.1, so that max pooling is 4 standard errors above the others; all have the same deviation on an edge, which cancels.
        var ratio = Math.Exp(AlphaEvidence.OperationWeight * 4);
        foreach (var row in probabilities)
        {
            Assert.Equal(ratio / (ratio + 6), row[MaxPool], 1e-9);
            Assert.Equal(1 / (ratio + 6), row[Skip], 1e-9);
            Assert.Equal(0, row[None]);
        }
    }

    [Fact]
    public void Probabilities_OfAnEdgeThatDiffers_WeighItsDeviation()
    {
        // One operation is 0.2 up on edge 0 and 0.2 down on edge 1: no preference of the cell, a deviation of 1 / sqrt 2 standard deviations of the edge.
        var alpha = Rows(2, (edge, column) => column == MaxPool ? (edge == 0 ? 0.2 : -0.2) : edge == 0 ? -1e-3 : 1e-3);

        var probabilities = AlphaEvidence.Probabilities(alpha);

        Assert.Equal(Math.Exp(2 * AlphaEvidence.EdgeWeight / Math.Sqrt(2)), probabilities[0][MaxPool] / probabilities[0][Skip], 1e-9);
        Assert.Equal(Math.Exp(-2 * AlphaEvidence.EdgeWeight / Math.Sqrt(2)), probabilities[1][MaxPool] / probabilities[1][Skip], 1e-9);
    }

    [Fact]
    public void Probabilities_OfALongerTravel_AreTheSame()
    {
        random.manual_seed(1);
        var noise = randn(14, 8, dtype: ScalarType.Float64);
        double[][] Of(double scale) => AlphaEvidence.Probabilities(Rows(14, (edge, column) => scale * noise[edge, column].ToDouble()));

        Assert.All(Of(0.01).Zip(Of(3)), pair => Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.First, values.Second, 1e-9)));
    }

    [Fact]
    public void Probabilities_OfAlphaThatNeverMoved_AreUniform() =>
        Assert.All(AlphaEvidence.Probabilities(Rows(14, (_, _) => 0.25)), row => Assert.All(row.Where((_, column) => column != None), p => Assert.Equal(1 / 7.0, p, 1e-12)));

    [Fact]
    public void Probabilities_OfAnOperationThatAllEdgesAgreeOn_AreDecided() =>
        Assert.All(AlphaEvidence.Probabilities(Rows(14, (_, column) => column == Skip ? 1 : 0)), row => Assert.Equal(1, row[Skip], 1e-12));

    [Fact]
    public void Sampler_WhereACellKindPrefersAnOperation_DrawsItThereAndNotInTheOther()
    {
        var shares = Enumerable.Range(1, 8).Select(SharesOf).ToList();

        Assert.InRange(shares.Average(share => share.Normal), 0.05, 0.25); // 1/7 on average
        Assert.InRange(shares.Average(share => share.Reduction), 0.4, 0.8);

        static (double Normal, double Reduction) SharesOf(int seed)
        {
            using var scope = NewDisposeScope();
            random.manual_seed(seed);
            using var alpha = new ArchitectureParameters(edgeNormalization: false);
            using (no_grad())
            {
                alpha.Alpha(CellKind.Normal).copy_(randn(14, 8) * 0.3);
                alpha.Alpha(CellKind.Reduction).copy_(randn(14, 8) * 0.3);
                alpha.Alpha(CellKind.Reduction).select(1, MaxPool).add_(0.3); // one standard deviation of an edge: argmax would hardly see it
            }

            var sampler = AlphaEvidence.Sampler(alpha);
            var drawn = Enumerable.Range(0, 100).Select(draw => sampler.Draw(draw)).ToList();
            return (Share(drawn.Select(genotype => genotype.Normal)), Share(drawn.Select(genotype => genotype.Reduction)));
        }

        static double Share(IEnumerable<CellGenotype> cells) => cells.SelectMany(cell => cell.Nodes).SelectMany(edges => edges).Average(edge => edge.Operation == OperationNames.MaxPool ? 1.0 : 0);
    }

    private static double[][] Rows(int edges, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, edges).Select(edge => (double[])[.. Enumerable.Range(0, OperationNames.All.Count).Select(column => value(edge, column))])];
}
