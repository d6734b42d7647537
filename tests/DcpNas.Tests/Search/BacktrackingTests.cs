using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>Decoupled optimisation: ranks, norms, psi and the backtracking rule.</summary>
public class BacktrackingTests
{
    public BacktrackingTests() => LibTorch.Load();

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, new double[] { 3, 1, 2 })]
    [InlineData(new double[] { 3, 1, 3, 0 }, new double[] { 3.5, 2, 3.5, 1 })]
    [InlineData(new double[] { 5, 5, 5 }, new double[] { 2, 2, 2 })]
    [InlineData(new double[] { 0, 10, 20, 30, 40 }, new double[] { 1, 2, 3, 4, 5 })]
    [InlineData(new double[] { 2, 9, 4, 7 }, new double[] { 1, 4, 2, 3 })] // argsort of this is 0, 2, 3, 1
    public void Ranks_WithAndWithoutTies_AreThoseOfTheValues(double[] values, double[] expected) => Assert.Equal(expected, Ranks.Of(values));

    [Fact]
    public void Select_EightColumnsAtTau06_TakesRanksAboveFour() => Assert.Equal(
        [false, true, false, false, true, true, true, false],
        Backtracking.Select([0, 1, 1.0 / 9, 1.0 / 9, 6, 8, 4, 0.5], 0.6));

    [Fact]
    public void Select_TiesAcrossTheThreshold_ShareTheirMeanRank() =>
        // Ranks 1, 3, 3, 3, 5 of five values at floor(5 x 0.6) = 3: the three equal ones do not exceed it.
        Assert.Equal([false, false, false, false, true], Backtracking.Select([0, 2, 2, 2, 9], 0.6));

    [Fact]
    public void CorrectThenUpdatePsi_OnTwoEdgesAndThreeColumns_FollowsTheHandWorkedNumbers()
    {
        using var scope = NewDisposeScope();
        var before = tensor(new double[,] { { 1, 2, 3 }, { -1, 0.5, 4 } });
        var alpha = tensor(new double[,] { { 1.1, 2.2, 3.3 }, { -1.1, 0.4, 4.4 } });
        using var backtracking = new Backtracking(before);

        backtracking.Correct(alpha, before, [false, true, true], eta: 0.5);

        // alpha~ = alpha + 0.5 x 0.2 x alpha^t in columns 1 and 2
        AssertEqual([1.1, 2.4, 3.6, -1.1, 0.45, 4.8], alpha);

        var gradient = tensor(new double[,] { { 9, 1, -2 }, { 9, 3, 0.5 } });
        backtracking.UpdatePsi(gradient, eta: 0.5, etaPsi: 0.1);

        // dL/dpsi = 0.5 x (1x2 - 2x3, 3x0.5 + 0.5x4) = (-2, 1.75); psi = |0.2 + 0.2|, |0.2 - 0.175|
        AssertEqual([0.4, 0.025], backtracking.Psi);

        backtracking.UpdatePsi(gradient * -1, eta: 0.5, etaPsi: 0.4);

        // dL/dpsi = (2, -1.75): psi = |0.4 - 0.8| = 0.4, |0.025 + 0.7| = 0.725: the absolute value keeps it positive
        AssertEqual([0.4, 0.725], backtracking.Psi);
    }

    [Fact]
    public void UpdatePsi_BeforeAnyCorrection_LeavesPsi()
    {
        using var scope = NewDisposeScope();
        using var backtracking = new Backtracking(ones(2, 3, dtype: ScalarType.Float64));

        backtracking.UpdatePsi(ones(2, 3, dtype: ScalarType.Float64), 1, 1);

        AssertEqual([0.2, 0.2], backtracking.Psi);
    }

    [Fact]
    public void OperationNorms_OfTheParent_AreMeanSquaredWeights()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();

        var norms = OperationNorms.Of(tiny.Parent, CellKind.Normal);

        var cell = tiny.Parent.Cells.Single(c => c.Kind == CellKind.Normal);
        var sep3 = cell.Instances(4).Average(op => op.Convolutions.Sum(layer => layer.Weight.data<double>().Sum(w => w * w)));
        Assert.All(new[] { 0, 1, 1.0 / 9, 1.0 / 9 }.Zip(norms), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(sep3, norms[4], 1e-9);
        Assert.Equal(14, cell.Instances(4).Count());
    }

    [Fact]
    public void OperationNorms_OfTheChild_UseTheBinarisedWeight()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();

        var norms = OperationNorms.Of(tiny.Child, CellKind.Normal);

        // || beta o sign(w) ||^2 = beta_c^2 x taps, and beta starts at the mean of |w|
        var cell = tiny.Child.Cells.Single(c => c.Kind == CellKind.Normal);
        var dil3 = cell.Instances(6).Average(op => op.Convolutions.Sum(layer =>
        {
            var taps = layer.Weight[0].numel();
            return layer.Weight.abs().mean([1, 2, 3]).data<double>().Sum(beta => beta * beta * taps);
        }));
        Assert.Equal(dil3, norms[6], 1e-6);
    }

    [Fact]
    public void ReconstructionError_OfABinaryLayer_HasTheGradientsOfCalculus()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var layer = new BinaryConvolution(ConvolutionShape.OfPointwise(5, 3), ScaleKind.Learnable);
        var beta = layer.Beta().detach();
        var sign = Sign.Hard(layer.Weight);
        var residual = layer.Weight.detach() - (beta * sign);

        var error = layer.ReconstructionError();
        error.backward();

        Assert.Equal(residual.square().sum().ToDouble(), error.ToDouble(), 1e-5);
        GaussNewtonTests.AssertClose(residual * 2, layer.Weight.grad!, 1e-6);

        // dL/dbeta = -2 <w - beta sign w, sign w>; through beta = softplus(rho) times sigmoid(rho)
        var rho = layer.named_parameters().Single(named => named.name == "rho").parameter;
        var expected = (residual * sign).sum([1, 2, 3], keepdim: true) * -2 * rho.detach().sigmoid();
        GaussNewtonTests.AssertClose(expected, rho.grad!, 1e-5);
    }

    private static void AssertEqual(double[] expected, Tensor actual)
    {
        var values = actual.data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
