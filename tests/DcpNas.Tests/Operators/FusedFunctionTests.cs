using System.Reflection;
using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.Operators;
using DcpNas.Operators.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public sealed class FusedFunctionTests : IDisposable
{
    private static readonly Type[] Operators = [.. typeof(FusedFunction<,>).Assembly.GetTypes().Where(type => !type.IsAbstract && IsFused(type))];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, int> OperatorsAndWhatTheySave() => new()
    {
        { nameof(DepthwiseFunction), 0 }, { nameof(DepthwiseFunction), 1 },
        { nameof(PointwiseFunction), 0 }, { nameof(PointwiseFunction), 1 },
        { nameof(SeparableFunction), 0 }, { nameof(SeparableFunction), 2 },
        { nameof(NormalizeFunction), 0 }, { nameof(NormalizeFunction), 1 },
        { nameof(PReluFunction), 0 }, { nameof(PReluFunction), 1 },
        { nameof(MixedSumFunction), 0 }, { nameof(MixedSumFunction), 1 },
        { nameof(SignFunction), 0 },
        { nameof(SignWeightFunction), 0 }, { nameof(SignWeightFunction), 1 },
    };

    [Fact]
    public void Backward_OfTheWholeLibrary_IsOverriddenOnceAndGuarded()
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var overriding = typeof(FusedFunction<,>).Assembly.GetTypes().Where(type => type.GetMethod("backward", own) is not null);
        Assert.Equal([typeof(FusedFunction<,>)], overriding);
        Assert.True(typeof(FusedFunction<,>).GetMethod("backward", own)!.IsFinal);
        Assert.Equal(10, Operators.Length);
    }

    [Theory]
    [MemberData(nameof(OperatorsAndWhatTheySave))]
    public void Grad_SavedTensorChangedInPlace_ThrowsAndTheNextOneWorks(string name, int changed)
    {
        var (inputs, value) = Record(name);
        using (no_grad())
        {
            inputs[changed].add_(1);
        }

        var exception = Assert.ThrowsAny<Exception>(() => Autograd.Grad([value.sum()], inputs));
        Assert.Contains("modified by an inplace operation", exception.Message);

        (inputs, value) = Record(name);
        Assert.All(Autograd.Grad([value.sum()], inputs), gradient => Assert.True(gradient.isfinite().all().item<bool>()));
    }

    [Theory]
    [InlineData(nameof(Failing))]
    [InlineData(nameof(AvgPoolFunction))]
    [InlineData(nameof(MaxPoolFunction))]
    public void Grad_ThroughAnOperatorThatFails_ThrowsItsExceptionAndReachesTheOperatorsBelow(string below)
    {
        var x = Input().requires_grad_();
        var inner = below switch
        {
            nameof(AvgPoolFunction) => AvgPoolFunction.Apply(x, 1),
            nameof(MaxPoolFunction) => MaxPoolFunction.Apply(x, 1),
            _ => Failing.Apply(x),
        };

        // The failing operator gives no gradient, so the one below is asked without any.
        var exception = Assert.Throws<NotSupportedException>(() => Autograd.Grad([Failing.Apply(inner).sum()], [x]));
        Assert.Equal("planned", exception.Message);
        Assert.Throws<NotSupportedException>(() => Autograd.Backward(Failing.Apply(AvgPoolFunction.Apply(x, 1)).sum()));
    }

    [Fact]
    public void Run_ArgumentLeftOut_GivesTheGradientsOfTheOthersInTheirPlaces()
    {
        var (x, slope) = (Input().requires_grad_(), full([4], 0.25f).requires_grad_());
        var bias = rand(4).requires_grad_();
        var value = NormalizeFunction.Apply(x, null, slope, new NormalizationState(null, bias, null, null, true, 0.1), null);
        var gradients = Autograd.Grad([(value * value).sum()], [x, bias, slope]);
        Assert.Equal([x.shape, bias.shape, slope.shape], gradients.Select(gradient => gradient.shape));
    }

    private static (Tensor[] Inputs, Tensor Value) Record(string name)
    {
        var x = Input().requires_grad_();
        var slope = full([4], 0.25f).requires_grad_();
        var (depthwise, pointwise) = (randn(4, 1, 3, 3).requires_grad_(), randn(4, 4, 1, 1).requires_grad_());
        var (weight, bias) = (rand(4).requires_grad_(), rand(4).requires_grad_());
        var state = new NormalizationState(weight, bias, null, null, true, 0.1);
        var terms = rand(2).requires_grad_();
        return name switch
        {
            nameof(DepthwiseFunction) => ([x, depthwise], DepthwiseFunction.Apply(x, depthwise, 1, 1)),
            nameof(PointwiseFunction) => ([x, pointwise], PointwiseFunction.Apply(x, pointwise, 1)),
            nameof(SeparableFunction) => ([x, depthwise, slope, pointwise, weight, bias], SeparableFunction.Apply(x, depthwise, 1, 1, slope, SignEstimator.BiReal, pointwise, state)),
            nameof(NormalizeFunction) => ([x, weight, bias], NormalizeFunction.Apply(x, null, null, state, null)),
            nameof(PReluFunction) => ([x, slope], PReluFunction.Apply(x, slope)),
            nameof(MixedSumFunction) => ([terms, x], MixedSumFunction.Apply(terms, [x, x])),
            nameof(SignFunction) => ([x], SignFunction.Apply(x, SignEstimator.BiReal)),
            nameof(SignWeightFunction) => ([depthwise, weight], SignWeightFunction.Apply(depthwise, weight)),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static Tensor Input() => Dense.ToChannelsLast(randn(2, 4, 5, 6)).clone();

    private static bool IsFused(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(FusedFunction<,>))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Failing : FusedFunction<Failing, string>
    {
        public static Tensor Apply(Tensor input) => Run("planned", input);

        protected override Tensor Forward(string plan, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
        {
            saved = inputs;
            return inputs[0]! * 2;
        }

        protected override Tensor?[] Backward(string plan, Tensor?[] saved, bool[] wanted, Tensor gradient) => throw new NotSupportedException(plan);
    }
}
