using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.Operators;
using DcpNas.Search;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using DcpNas.Tests.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The Gauss-Newton product against the explicit matrix, and the forward-mode pass against double backward.</summary>
public class GaussNewtonTests
{
    public GaussNewtonTests() => LibTorch.Load();

    public static TheoryData<BinarizationScheme, int, bool, bool> Networks() => new()
    {
        { BinarizationScheme.None, 1, false, false },
        { BinarizationScheme.Paper, 1, false, false },
        { BinarizationScheme.Release, 1, true, false },
        { BinarizationScheme.Paper, 2, true, false },
        { BinarizationScheme.Paper, 1, false, true },
        { BinarizationScheme.Paper, 2, true, true },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void LogitTangent_OnEveryScheme_EqualsTheRowsOfTheJacobian(BinarizationScheme scheme, int partial, bool edges, bool sampled)
    {
        using var scope = NewDisposeScope();
        using var tiny = Create(scheme, partial, edges);
        using var pass = Pass(tiny, path: sampled ? Discretizer.Random(3) : null);
        var jacobian = Jacobian(pass.Value);
        var direction = randn(jacobian.shape[2], dtype: ScalarType.Float64);

        var tangent = GaussNewton.LogitTangent(pass.Value, direction);

        var expected = matmul(jacobian, direction);
        Assert.True(expected.norm().ToDouble() > 1e-6);
        AssertClose(expected, tangent, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Product_OnEveryScheme_EqualsTheExplicitMatrix(BinarizationScheme scheme, int partial, bool edges, bool sampled)
    {
        using var scope = NewDisposeScope();
        using var tiny = Create(scheme, partial, edges);
        using var pass = Pass(tiny, path: sampled ? Discretizer.Random(3) : null);
        var direction = randn(pass.Value.MatchGradient.shape[0], dtype: ScalarType.Float64);
        var expected = matmul(ExplicitMatrix(pass.Value), direction).neg();

        var product = new GaussNewton().Product(pass.Value, direction);

        AssertClose(expected, product, 1e-9);
    }

    [Theory]
    [InlineData(BinarizationScheme.None, 1)]
    [InlineData(BinarizationScheme.Paper, 1)]
    [InlineData(BinarizationScheme.Paper, 2)]
    public void LogitTangent_OnTheFastPath_EqualsTheRowsOfTheJacobian(BinarizationScheme scheme, int partial)
    {
        // Single precision and channels-last memory: the hand-written kernels, forward, backward and tangent.
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(
            ScalarType.Float32,
            new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = 3, PartialChannels = partial },
            new Precision(scheme));
        using var pass = Pass(tiny, images: tiny.Images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        var jacobian = Jacobian(pass.Value);
        var direction = randn(jacobian.shape[2]);

        var tangent = GaussNewton.LogitTangent(pass.Value, direction);

        AssertClose(matmul(jacobian, direction), tangent, 1e-3);
    }

    /// <summary>J as autograd gives it, one backward pass per logit: <c>[N, classes, parameters]</c>.</summary>
    internal static Tensor Jacobian(ChildPass pass)
    {
        var (images, classes) = (pass.Logits.shape[0], pass.Logits.shape[1]);
        var rows = new List<Tensor>();
        for (var n = 0; n < images; n++)
        {
            for (var k = 0; k < classes; k++)
            {
                rows.Add(ParameterVector.Join(Autograd.Grad([pass.Logits[n, k]], [.. pass.Architecture.All], retainGraph: true)));
            }
        }

        return stack(rows).view(images, classes, -1);
    }

    /// <summary><c>E[ J^T (diag(q) - q q^T) J ]</c>, image by image.</summary>
    internal static Tensor ExplicitMatrix(ChildPass pass)
    {
        var jacobian = Jacobian(pass);
        var q = pass.Logits.detach().softmax(1);
        var sum = zeros(jacobian.shape[2], jacobian.shape[2], dtype: ScalarType.Float64);
        for (var n = 0; n < jacobian.shape[0]; n++)
        {
            var metric = diag(q[n]) - outer(q[n], q[n]);
            sum += matmul(matmul(jacobian[n].t(), metric), jacobian[n]);
        }

        return sum / jacobian.shape[0];
    }

    internal static void AssertClose(Tensor expected, Tensor actual, double relative)
    {
        var error = (expected.detach() - actual.detach()).norm().ToDouble() / Math.Max(expected.norm().ToDouble(), 1e-30);
        Assert.True(error <= relative, $"relative error {error:g3} is above {relative:g3}");
    }

    internal static TinyNetwork Create(BinarizationScheme scheme, int partial, bool edges) => new(
        child: new Precision(scheme),
        options: new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = 3, PartialChannels = partial, EdgeNormalization = edges });

    internal static PassScope Pass(TinyNetwork tiny, bool second = false, Tensor? images = null, Genotype? path = null)
    {
        images ??= tiny.Images;
        using var order = second ? GradientOrder.UseSecond() : null;
        var (_, logP) = TangentPropagation.ParentTangent(tiny.Parent, tiny.Alpha, images, tiny.Labels, path: path);
        var logits = tiny.Child.Logits(images, tiny.AlphaHat, path);
        var gradient = ParameterVector.Join(
            Autograd.Grad([Objectives.Match(logP, logits)], [.. tiny.AlphaHat.All], retainGraph: true, createGraph: second));
        return new(new ChildPass(tiny.Child, tiny.AlphaHat, images, logits, gradient, path));
    }

    internal sealed record PassScope(ChildPass Value) : IDisposable
    {
        public void Dispose() => Value.Logits.Dispose();
    }
}
