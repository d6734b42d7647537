using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class MixedSumTests
{
    [Theory]
    [InlineData(1, 16, 8, 8, true)]
    [InlineData(7, 5, 7, 3, true)]
    [InlineData(35, 16, 16, 16, true)]
    [InlineData(3, 5, 4, 4, false)]
    public void Of_EqualsFloat64(int terms, int channels, int height, int width, bool channelsLast)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [randn(terms), .. Enumerable.Range(0, terms).Select(_ => randn(9, channels, height, width)).Select(t => channelsLast ? Compare.ChannelsLast(t) : t)];
        Compare.Same(a => MixedSum.Of(a[0], a[1..]), a => Plain(a[0], a[1..]), arguments, 1e-4);
    }

    [Fact]
    public void Of_ConstantProbabilitiesAndOneConstantTerm_GivesTheOtherGradients()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var (constant, variable) = (Compare.ChannelsLast(randn(2, 3, 4, 4)), Compare.ChannelsLast(randn(2, 3, 4, 4)).requires_grad_());
        MixedSum.Of(tensor(new[] { 0.25f, 0.75f }), [constant, variable]).sum().backward();
        Assert.True(variable.grad!.eq(0.75).all().item<bool>());
    }

    [Fact]
    public void Of_TwoThreads_SameBitsAsOne()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [randn(7), .. Enumerable.Range(0, 7).Select(_ => Compare.ChannelsLast(randn(40, 16, 16, 16)))];
        var (one, oneGradients) = Compare.Run(a => MixedSum.Of(a[0], a[1..]), arguments);
        set_num_threads(2);
        var (two, twoGradients) = Compare.Run(a => MixedSum.Of(a[0], a[1..]), arguments);
        set_num_threads(1);
        Assert.True(one.eq(two).all().item<bool>());
        Assert.All(oneGradients.Zip(twoGradients), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Of_WrongCount_NamesShapes()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => MixedSum.Of(zeros(2), [zeros(1, 1, 1, 1)]));
        Assert.StartsWith("mixing probabilities must have shape [1], got [2].", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Plain(Tensor p, Tensor[] terms) => (stack([.. terms.Select(t => t.contiguous())]) * p.view(-1, 1, 1, 1, 1)).sum(0L);
}
