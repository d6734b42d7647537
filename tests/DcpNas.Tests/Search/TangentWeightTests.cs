using DcpNas.Native;
using DcpNas.Search;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using DcpNas.Tests.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The weight of the tangent term: the constant of the paper, and the share that has no units.</summary>
public class TangentWeightTests
{
    public TangentWeightTests() => LibTorch.Load();

    [Theory]
    [InlineData(0.5, 3, 4, 20.0)] // equal norms: 5 / 0.25
    [InlineData(0.2, 3, 4, 5.0)] // a quarter of g_C
    [InlineData(0, 3, 4, 0)]
    public void Factor_OfAShare_GivesTheTermThatShare(double share, double x, double y, double expected)
    {
        using var scope = NewDisposeScope();
        var (own, term) = (tensor(new[] { x, y }), tensor(new[] { 0.15, -0.2 }));

        Assert.Equal(expected, TangentWeight.OfShare(share).Factor(own, term), 1e-12);
    }

    [Fact]
    public void Factor_OfAZeroTerm_IsZero()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, TangentWeight.OfShare(0.5).Factor(ones(3), zeros(3)));
        Assert.Equal(0.7, TangentWeight.OfLambda(0.7).Factor(ones(3), zeros(3)));
    }

    [Fact]
    public void Effect_OfHandWorkedVectors_IsTheirShareAndCosine()
    {
        using var scope = NewDisposeScope();
        var own = tensor(new[] { 3.0, 4.0 });
        var gradient = -own + tensor(new[] { 4.0, -3.0 }); // a term of the same norm at a right angle

        var effect = TangentEffect.Of(own, gradient);

        Assert.Equal(0.5, effect.Share, 1e-12);
        Assert.Equal(Math.Sqrt(0.5), effect.StepCosine, 1e-12);
        Assert.Equal(new TangentEffect(0, 1), TangentEffect.Of(own, -own) with { StepCosine = 1 });
    }

    [Theory]
    [InlineData(4, 3, DistanceKind.Frobenius)]
    [InlineData(12, 3, DistanceKind.Frobenius)]
    [InlineData(12, 9, DistanceKind.Frobenius)]
    [InlineData(4, 3, DistanceKind.Cosine)]
    public void Compute_WithAShare_HasItAtEveryBatchSizeNumberOfClassesAndDistance(int images, int classes, DistanceKind distance)
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(images: images, options: new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = classes });

        var shared = Compute(TangentWeight.OfShare(0.4));
        var constant = Compute(TangentWeight.OfLambda(5e-3));

        Assert.Equal(0.4, shared.Tangent!.Share, 1e-9);
        Assert.InRange(shared.Tangent.StepCosine, -1, 0.9999);
        Assert.True(constant.Tangent!.Share < 0.05, $"the paper's lambda was expected to change next to nothing here, its share is {constant.Tangent.Share}");
        Assert.Null(Compute(TangentWeight.None).Tangent);

        ChildGradient Compute(TangentWeight weight) => new TangentPropagation(new GaussNewton(), distance, weight)
            .Compute(tiny.Parent, tiny.Alpha, tiny.Child, tiny.AlphaHat, tiny.Images, tiny.Labels);
    }

    [Fact]
    public void EffectiveTangent_OfTheOptions_PrefersLambdaAndIsNoneBesideDcp()
    {
        Assert.Equal(TangentWeight.OfShare(new SearchOptions().TangentShare), new SearchOptions().EffectiveTangent);
        Assert.Equal(TangentWeight.OfLambda(0.01), new SearchOptions { Lambda = 0.01 }.EffectiveTangent);
        Assert.False(new SearchOptions { Lambda = 0 }.EffectiveTangent.IsUsed);
        Assert.Equal(TangentWeight.None, new SearchOptions { Strategy = SearchStrategy.Cp, Lambda = 1 }.EffectiveTangent);
    }
}
