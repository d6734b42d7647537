using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class MemoryTests
{
    [Fact]
    public void AllOperators_ThreeHundredSteps_KeepMemoryAndTensorsConstant()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(8, 16, 32, 32));
        Tensor[] weights = [randn(16, 1, 3, 3), randn(16, 16, 1, 1), rand(16), rand(4)];
        foreach (var weight in weights)
        {
            weight.requires_grad_();
        }

        Steps(300, x, weights);
        var tensors = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var before = ResidentMegabytes();
        Steps(300, x, weights);
        Assert.Equal(tensors, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        // A leak of one image of half a megabyte a step would add 157 MB.
        Assert.InRange(ResidentMegabytes() - before, -1000, 40);
    }

    /// <summary>As in a search: finalizers run at safe points only, and free the small native objects behind TorchSharp's helpers.</summary>
    private static void Steps(int count, Tensor x, Tensor[] weights)
    {
        for (var step = 0; step < count; step++)
        {
            if (step % 100 == 0)
            {
                DcpNas.Native.FinalizerGate.SafePoint();
            }

            Step(x, weights);
        }

        DcpNas.Native.FinalizerGate.SafePoint();
    }

    private static void Step(Tensor x, Tensor[] weights)
    {
        using var scope = NewDisposeScope();
        var leaf = x.detach().requires_grad_();
        var operand = Normalization.Apply(leaf, sign: SignEstimator.BiReal);
        var sums = SeparableCore.Of(operand, weights[0], 1, 1, weights[2], SignEstimator.BiReal, Sign.Weight(weights[1], weights[2].abs()));
        var block = Normalization.Apply(sums, shortcut: leaf, slope: weights[2]);
        var parts = Activation.PRelu(Convolution.Pointwise(Sign.Of(Convolution.Depthwise(block, weights[0], 1, 2), SignEstimator.BiReal), weights[1], 1), weights[2]);
        var mixed = MixedSum.Of(weights[3], [block, parts, Normalization.Apply(Pooling.Max3x3(leaf, 1)), Pooling.Avg3x3(leaf, 1)]);
        mixed.sum().backward();
        foreach (var weight in weights)
        {
            weight.grad = null;
        }
    }

    private static long ResidentMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
