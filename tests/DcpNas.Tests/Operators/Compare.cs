using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

/// <summary>Compares an operator in float32 with a reference in float64: values, and gradients to every argument under a random direction.</summary>
internal static class Compare
{
    /// <summary>Loads libtorch, one thread, fixed seed; call first.</summary>
    public static void Prepare(int seed = 7, int threads = 1)
    {
        DcpNas.Native.LibTorch.Load();
        set_num_threads(threads);
        manual_seed(seed);
    }

    public static Tensor ChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    public static bool IsChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).is_contiguous();

    /// <summary>Runs both and compares everything; the arguments are given in float32 and leave unchanged.</summary>
    public static void Same(Func<Tensor[], Tensor> fast, Func<Tensor[], Tensor> reference, Tensor[] arguments, double tolerance = 2e-5)
    {
        using var scope = NewDisposeScope();
        var (value, gradients) = Run(fast, arguments);
        var (expected, expectedGradients) = Run(reference, [.. arguments.Select(a => a.to(ScalarType.Float64))]);
        Close(expected, value, tolerance, "value");
        for (var i = 0; i < arguments.Length; i++)
        {
            Close(expectedGradients[i], gradients[i], tolerance, $"gradient to argument {i}");
        }
    }

    public static (Tensor Value, Tensor[] Gradients) Run(Func<Tensor[], Tensor> function, Tensor[] arguments)
    {
        var leaves = arguments.Select(a => a.detach().requires_grad_()).ToArray();
        var value = function(leaves);
        var direction = Direction(value);
        (value * direction).sum().backward();
        return (value.detach(), [.. leaves.Select(l => l.grad ?? zeros_like(l))]);
    }

    public static void Close(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().item<double>());
        var difference = (expected - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(difference <= tolerance * scale, $"{what}: largest difference {difference:g3} at a scale of {scale:g3}");
    }

    /// <summary>A fixed direction without regular pattern, the same for both precisions.</summary>
    private static Tensor Direction(Tensor value)
    {
        var index = arange(value.numel(), ScalarType.Float64);
        return (index * 0.7311).sin().mul(1.5).add((index * 0.113).cos()).view(value.shape).to(value.dtype);
    }
}
