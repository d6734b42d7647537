using DcpNas.Binarization;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using DcpNas.Tests.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>Tangents, objectives and curvatures against finite differences and naive second implementations, in double precision.</summary>
public class TangentPropagationTests
{
    private const double Step = 1e-7; // larger steps cross the kinks of PReLU and max pooling

    public TangentPropagationTests() => LibTorch.Load();

    [Fact]
    public void ParentTangent_OnATinySupernet_EqualsFiniteDifferencesOfTheCrossEntropy()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        var (tangent, _) = TangentPropagation.ParentTangent(tiny.Parent, tiny.Alpha, tiny.Images, tiny.Labels);

        var expected = -FiniteDifference(tiny.Alpha, Direction(tangent!), () => NaiveCrossEntropy(tiny.Parent.Logits(tiny.Images, tiny.Alpha), tiny.Labels));

        AssertNear(expected, tangent!.dot(Direction(tangent)).ToDouble(), 1e-6);
    }

    [Fact]
    public void MatchGradient_OnARealChild_EqualsFiniteDifferencesOfG()
    {
        using var scope = NewDisposeScope();
        using var tiny = Real();
        using var pass = GaussNewtonTests.Pass(tiny);
        var logP = tiny.Parent.Logits(tiny.Images, tiny.Alpha).log_softmax(1);
        var direction = Direction(pass.Value.MatchGradient);

        var expected = FiniteDifference(tiny.AlphaHat, direction, () => -NaiveDivergence(logP, tiny.Child.Logits(tiny.Images, tiny.AlphaHat)));

        AssertNear(expected, pass.Value.MatchGradient.dot(direction).ToDouble(), 1e-6);
    }

    [Fact]
    public void MatchGradient_OnABinaryChild_EqualsTheJacobianTransposedTimesPMinusQ()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var pass = GaussNewtonTests.Pass(tiny);
        var p = tiny.Parent.Logits(tiny.Images, tiny.Alpha).softmax(1).detach();
        var residual = (p - pass.Value.Logits.detach().softmax(1)) / p.shape[0];

        var expected = (GaussNewtonTests.Jacobian(pass.Value) * residual.unsqueeze(2)).sum([0, 1]);

        GaussNewtonTests.AssertClose(expected, pass.Value.MatchGradient, 1e-9);
    }

    [Fact]
    public void ExactHessian_OnARealChild_EqualsFiniteDifferencesOfTheMatchGradient()
    {
        using var scope = NewDisposeScope();
        using var tiny = Real();
        using var pass = GaussNewtonTests.Pass(tiny, second: true);
        var direction = Direction(pass.Value.MatchGradient);

        var product = new ExactHessian().Product(pass.Value, direction);

        Move(tiny.AlphaHat, direction, Step);
        using var above = GaussNewtonTests.Pass(tiny);
        Move(tiny.AlphaHat, direction, -2 * Step);
        using var below = GaussNewtonTests.Pass(tiny);
        GaussNewtonTests.AssertClose((above.Value.MatchGradient - below.Value.MatchGradient) / (2 * Step), product, 1e-4);
    }

    [Fact]
    public void ExactHessian_OnABinaryChild_IsSymmetric()
    {
        // H_G is the derivative of a surrogate gradient field; the part through the softmax mixture must still be linear in the direction.
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var first = GaussNewtonTests.Pass(tiny, second: true);
        using var second = GaussNewtonTests.Pass(tiny, second: true);
        using var third = GaussNewtonTests.Pass(tiny, second: true);
        var (u, v) = (Direction(first.Value.MatchGradient), randn_like(first.Value.MatchGradient));

        var ofU = new ExactHessian().Product(first.Value, u);
        var ofV = new ExactHessian().Product(second.Value, v);
        var ofSum = new ExactHessian().Product(third.Value, u + (v * 2));

        GaussNewtonTests.AssertClose(ofU + (ofV * 2), ofSum, 1e-9);
        Assert.True(ofU.norm().ToDouble() > 1e-6);
    }

    [Fact]
    public void FisherChunks_AveragedOverManyDraws_ApproachesTheGaussNewtonProduct()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(images: 4, options: new SupernetOptions { Cells = 1, Channels = 2, StemMultiplier = 1, Classes = 3 });
        var sum = default(Tensor);
        var expected = default(Tensor);
        const int Draws = 150;
        random.manual_seed(11);
        for (var i = 0; i < Draws; i++)
        {
            using var inner = NewDisposeScope();
            using var pass = GaussNewtonTests.Pass(tiny);
            var direction = pass.Value.MatchGradient.detach();
            expected ??= GaussNewtonTests.ExplicitMatrix(pass.Value).matmul(direction).neg().MoveToOuterDisposeScope();
            var product = new FisherChunks(2).Product(pass.Value, direction);
            sum = (sum is null ? product : sum + product).MoveToOuterDisposeScope();
        }

        // The standard error of 150 draws of two chunks: within 40 % of the norm, and never of the wrong sign.
        GaussNewtonTests.AssertClose(expected!, sum! / Draws, 0.4);
    }

    [Theory]
    [InlineData("ggn")]
    [InlineData("exact")]
    public void TangentStep_AlongTheGradient_ReducesTheDiscrepancyAndAgainstItGrows(string curvature)
    {
        using var scope = NewDisposeScope();
        using var tiny = Real(distance: 0.01);
        var (tangent, before) = Discrepancy(tiny);
        using var pass = GaussNewtonTests.Pass(tiny, second: curvature == "exact");
        var gradient = Curvature.Parse(curvature).Product(pass.Value, Distance.Derivative(DistanceKind.Frobenius, tangent, pass.Value.MatchGradient.detach()));
        var step = gradient / gradient.norm() * 1e-4;

        Move(tiny.AlphaHat, step, -1);
        var along = Discrepancy(tiny).Value;
        Move(tiny.AlphaHat, step, 2);
        var against = Discrepancy(tiny).Value;

        Assert.True(along < before, $"a step along the gradient must reduce D: {before} -> {along}");
        Assert.True(against > before, $"a step against the gradient must increase D: {before} -> {against}");
    }

    [Theory]
    [InlineData(DistanceKind.Frobenius)]
    [InlineData(DistanceKind.L1)]
    [InlineData(DistanceKind.Cosine)]
    public void DistanceDerivative_OfEachKind_EqualsFiniteDifferences(DistanceKind kind)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var (parent, child, direction) = (randn(20, dtype: ScalarType.Float64), randn(20, dtype: ScalarType.Float64), randn(20, dtype: ScalarType.Float64));

        var derivative = Distance.Derivative(kind, parent, child).dot(direction).ToDouble();

        var above = Distance.Value(kind, parent, child + (direction * Step)).ToDouble();
        var below = Distance.Value(kind, parent, child - (direction * Step)).ToDouble();
        AssertNear((above - below) / (2 * Step), derivative, 1e-6);
    }

    [Fact]
    public void Compute_WithLambda_IsMinusTheMatchGradientPlusTheWeightedProduct()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var pass = GaussNewtonTests.Pass(tiny);
        var (tangent, _) = TangentPropagation.ParentTangent(tiny.Parent, tiny.Alpha, tiny.Images, tiny.Labels);
        var (matrix, own) = (GaussNewtonTests.ExplicitMatrix(pass.Value), pass.Value.MatchGradient.detach());
        const double Lambda = 0.7;

        var gradient = new TangentPropagation(new GaussNewton(), DistanceKind.Frobenius, TangentWeight.OfLambda(Lambda))
            .Compute(tiny.Parent, tiny.Alpha, tiny.Child, tiny.AlphaHat, tiny.Images, tiny.Labels);

        var expected = -own + (matrix.matmul(tangent! - own) * 2 * Lambda); // DCP-NAS: -g_C + 2 lambda F (g_P - g_C)
        GaussNewtonTests.AssertClose(expected, ParameterVector.Join(gradient.Parts), 1e-9);
        AssertNear((tangent! - own).square().sum().ToDouble(), gradient.Discrepancy!.Value, 1e-9);
        AssertNear(NaiveDivergence(tiny.Parent.Logits(tiny.Images, tiny.Alpha).log_softmax(1), pass.Value.Logits).ToDouble(), gradient.MatchLoss, 1e-9);
    }

    [Fact]
    public void Compute_OnASampledPath_IsTheSameFormulaOfThatNetwork()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        var path = Discretizer.Random(3);
        using var pass = GaussNewtonTests.Pass(tiny, path: path);
        var (tangent, _) = TangentPropagation.ParentTangent(tiny.Parent, tiny.Alpha, tiny.Images, tiny.Labels, path: path);
        var (matrix, own) = (GaussNewtonTests.ExplicitMatrix(pass.Value), pass.Value.MatchGradient.detach());

        var gradient = new TangentPropagation(new GaussNewton(), DistanceKind.Frobenius, TangentWeight.OfLambda(1))
            .Compute(tiny.Parent, tiny.Alpha, tiny.Child, tiny.AlphaHat, [new TangentPiece(tiny.Images, tiny.Labels, 1)], path, ShardedPass.None, (_, _) => { });

        GaussNewtonTests.AssertClose(-own + (matrix.matmul(tangent! - own) * 2), ParameterVector.Join(gradient.Parts), 1e-9);
        AssertNear(NaiveDivergence(tiny.Parent.Logits(tiny.Images, path).log_softmax(1), tiny.Child.Logits(tiny.Images, path)).ToDouble(), gradient.MatchLoss, 1e-9);
    }

    [Fact]
    public void Compute_WithoutLambda_IsMinusTheMatchGradient()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var pass = GaussNewtonTests.Pass(tiny);

        var gradient = new TangentPropagation(new GaussNewton(), DistanceKind.Frobenius, TangentWeight.None)
            .Compute(tiny.Parent, tiny.Alpha, tiny.Child, tiny.AlphaHat, tiny.Images, tiny.Labels);

        GaussNewtonTests.AssertClose(pass.Value.MatchGradient.neg(), ParameterVector.Join(gradient.Parts), 1e-12);
        Assert.Equal((null, null), (gradient.Discrepancy, gradient.Cosine)); // the Parent's tangent was not computed
    }

    [Fact]
    public void NoCurvature_Product_IsTheNegatedDirection()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var pass = GaussNewtonTests.Pass(tiny);
        var direction = Direction(pass.Value.MatchGradient);

        GaussNewtonTests.AssertClose(direction.neg(), new NoCurvature().Product(pass.Value, direction), 0);
    }

    [Theory]
    [InlineData("ggn", "ggn")]
    [InlineData("fisher-chunks:4", "fisher-chunks:4")]
    [InlineData("exact", "exact")]
    [InlineData("none", "none")]
    public void Parse_KnownCurvature_GivesIt(string text, string name) => Assert.Equal(name, Curvature.Parse(text).Name);

    [Theory]
    [InlineData("fisher-chunks:0")]
    [InlineData("fisher-chunks")]
    [InlineData("newton")]
    public void Parse_UnknownCurvature_NamesTheKnownOnes(string text) =>
        Assert.Contains($"curvature must be one of ggn, fisher-chunks:K, exact, none, got '{text}'.", Assert.Throws<ArgumentException>(() => Curvature.Parse(text)).Message, StringComparison.Ordinal);

    /// <summary>A Child without binarisation and with weights near the Parent's, where the Gauss-Newton matrix is a good Hessian.</summary>
    private static TinyNetwork Real(double distance = 0.1)
    {
        var tiny = new TinyNetwork(child: Precision.Real, spread: 0.8);
        using var _ = no_grad();
        foreach (var (hat, alpha) in tiny.AlphaHat.All.Zip(tiny.Alpha.All))
        {
            hat.copy_(alpha + (hat * distance));
        }

        return tiny;
    }

    private static (Tensor Tangent, double Value) Discrepancy(TinyNetwork tiny)
    {
        using var pass = GaussNewtonTests.Pass(tiny);
        var (tangent, _) = TangentPropagation.ParentTangent(tiny.Parent, tiny.Alpha, tiny.Images, tiny.Labels);
        return (tangent!, Distance.Value(DistanceKind.Frobenius, tangent!, pass.Value.MatchGradient.detach()).ToDouble());
    }

    private static double FiniteDifference(ArchitectureParameters alpha, Tensor direction, Func<Tensor> value)
    {
        Move(alpha, direction, Step);
        var above = value().ToDouble();
        Move(alpha, direction, -2 * Step);
        var below = value().ToDouble();
        Move(alpha, direction, Step);
        return (above - below) / (2 * Step);
    }

    private static void Move(ArchitectureParameters alpha, Tensor direction, double factor)
    {
        using var _ = no_grad();
        foreach (var (parameter, part) in alpha.All.Zip(ParameterVector.Split(direction.detach(), [.. alpha.All])))
        {
            parameter.add_(part * factor);
        }
    }

    private static Tensor Direction(Tensor like)
    {
        using var _ = no_grad();
        random.manual_seed(17);
        var direction = randn_like(like.detach());
        return direction / direction.norm();
    }

    private static Tensor NaiveCrossEntropy(Tensor logits, Tensor labels)
    {
        var exp = logits.exp();
        var q = exp / exp.sum(1, keepdim: true);
        return -q.gather(1, labels.unsqueeze(1)).log().mean();
    }

    private static Tensor NaiveDivergence(Tensor logP, Tensor logits)
    {
        var exp = logits.exp();
        var q = exp / exp.sum(1, keepdim: true);
        var p = logP.exp();
        return (p * (p / q).log()).sum(1).mean();
    }

    private static void AssertNear(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), 1e-12), $"expected {expected:r}, got {actual:r}");
}
