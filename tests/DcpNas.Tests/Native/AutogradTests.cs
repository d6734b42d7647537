using DcpNas.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace DcpNas.Tests.Native;

public sealed class AutogradTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Grad_Cubic_EqualsAnalyticDerivativesUpToTheThird()
    {
        var x = tensor([1f, 2, 3]).requires_grad_();
        var first = Autograd.Grad([x.pow(3).sum()], [x], createGraph: true)[0];
        var second = Autograd.Grad([first.sum()], [x], createGraph: true)[0];
        var third = Autograd.Grad([second.sum()], [x])[0];
        Assert.Equal([3, 12, 27], first.data<float>().ToArray());
        Assert.Equal([6, 12, 18], second.data<float>().ToArray());
        Assert.Equal([6, 6, 6], third.data<float>().ToArray());
        Assert.False(third.requires_grad);
    }

    [Fact]
    public void Grad_WithWeights_IsTheWeightedSumOverOutputs()
    {
        var x = tensor([1f, 2]).requires_grad_();
        var gradient = Autograd.Grad([x * 2, x * x], [x], [tensor([1f, 10]), tensor([100f, 1000])])[0];
        Assert.Equal([2 + 200, 20 + 4000], gradient.data<float>().ToArray());
    }

    [Fact]
    public void Grad_IntermediateInput_IsItsGradientAndLeavesGradAlone()
    {
        var x = tensor([1f, 2]).requires_grad_();
        var y = x * 3;
        var gradients = Autograd.Grad([(y * y).sum()], [y, x]);
        Assert.Equal([6, 12], gradients[0].data<float>().ToArray());
        Assert.Equal([18, 36], gradients[1].data<float>().ToArray());
        Assert.True(x.grad is null);
    }

    [Fact]
    public void Grad_UnusedInput_IsZerosOrNull()
    {
        var x = ones(2).requires_grad_();
        var unused = ones(3, 2, dtype: ScalarType.Float64).requires_grad_();
        var loss = x.sum();
        var gradient = Autograd.Grad([loss], [x, unused], retainGraph: true)[1];
        Assert.Equal([3, 2], gradient.shape);
        Assert.Equal(ScalarType.Float64, gradient.dtype);
        Assert.Equal(0, gradient.abs().sum().item<double>());
        Assert.False(gradient.requires_grad);
        var found = Autograd.GradOrNull([loss], [unused, x]);
        Assert.Null(found[0]);
        Assert.Equal([1, 1], found[1]!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Grad_FreedGraph_ThrowsInvalidOperation(bool byBackward)
    {
        var x = ones(2).requires_grad_();
        var loss = (x * x).sum();
        if (byBackward)
        {
            Autograd.Backward(loss);
        }
        else
        {
            Autograd.Grad([loss], [x]);
        }

        var exception = Assert.Throws<InvalidOperationException>(() => Autograd.Grad([loss], [x]));
        Assert.StartsWith("libtorch could not compute the gradient: Trying to backward through the graph a second time", exception.Message);
        Assert.DoesNotContain("Traceback", exception.Message);
        Assert.Throws<InvalidOperationException>(() => Autograd.Backward(loss));
    }

    [Fact]
    public void Grad_SavedTensorChangedInPlace_ThrowsInvalidOperation()
    {
        var x = ones(2).requires_grad_();
        var y = x * 2;
        var loss = (y * y).sum();
        using (no_grad())
        {
            y.add_(1);
        }

        Assert.Contains("modified by an inplace operation", Assert.Throws<InvalidOperationException>(() => Autograd.Grad([loss], [x])).Message);
    }

    [Fact]
    public void Grad_RetainedGraph_MayBeUsedAgain()
    {
        var x = ones(2).requires_grad_();
        var loss = (x * x).sum();
        Autograd.Grad([loss], [x], retainGraph: true);
        Autograd.Grad([loss], [x], createGraph: true);
        Assert.Equal([2, 2], Autograd.Grad([loss], [x])[0].data<float>().ToArray());
    }

    [Fact]
    public void Grad_BadArguments_ThrowsBeforeLibTorch()
    {
        var x = ones(2).requires_grad_();
        var loss = x.sum();
        Message("outputs[0] must have one element or a tensor in gradOutputs, got shape [2].", () => Autograd.Grad([x * 2], [x]));
        Message("outputs[0] must have a gradient (requires_grad), got a constant of shape [].", () => Autograd.Grad([loss.detach()], [x]));
        Message("inputs[1] must have a gradient (requires_grad), got a constant of shape [3].", () => Autograd.Grad([loss], [x, ones(3)]));
        Message("inputs must hold at least one tensor.", () => Autograd.Grad([loss], []));
        Message("gradOutputs must have one tensor per output (1), got 2.", () => Autograd.Grad([loss], [x], [ones(1), ones(1)]));
        Message("gradOutputs[0] must have shape [2], got [3].", () => Autograd.Grad([x * 2], [x], [ones(3)]));
        Assert.Equal([1, 1], Autograd.Grad([loss], [x])[0].data<float>().ToArray());
    }

    [Fact]
    public void Grad_ManyCalls_LeavesNoTensorBehind()
    {
        var x = ones(2).requires_grad_();
        var unused = ones(2).requires_grad_();
        Call();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 50; i++)
        {
            Call();
        }

        Assert.Equal(before, Tensor.TotalCount);

        void Call()
        {
            using var inner = NewDisposeScope();
            Autograd.Grad([x.pow(2).sum()], [x, unused], createGraph: true);
        }
    }

    [Fact]
    public void Guard_BackwardThrows_RethrowsTheSameExceptionAndRecovers()
    {
        var x = ones(2).requires_grad_();
        Failing.Fails = true;
        Assert.Equal("planned", Assert.Throws<NotSupportedException>(() => Autograd.Grad([Failing.apply(x).sum()], [x])).Message);
        Assert.Equal("planned", Assert.Throws<NotSupportedException>(() => Autograd.Backward(Failing.apply(x).sum())).Message);
        Failing.Fails = false;
        Assert.Equal([5, 5], Autograd.Grad([Failing.apply(x).sum()], [x])[0].data<float>().ToArray());
    }

    private static void Message(string expected, Action action) => Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(action).Message);

    private sealed class Failing : SingleTensorFunction<Failing>
    {
        public static bool Fails { get; set; }

        public override string Name => nameof(Failing);

        public override Tensor forward(AutogradContext context, params object[] arguments) => (Tensor)arguments[0] * 5;

        public override List<Tensor> backward(AutogradContext context, Tensor gradient) =>
            Autograd.Guard(1, () => Fails ? throw new NotSupportedException("planned") : [gradient * 5]);
    }
}
