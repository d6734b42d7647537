using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>A convolution whose result and gradients are known.</summary>
internal static class SmokeTest
{
    /// <summary>Computes on a device; never throws.</summary>
    public static Finding Run(Device device)
    {
        var name = $"computation on {device.type.ToString().ToLowerInvariant()}";
        try
        {
            return Convolve(device) is { } fault
                ? new Finding(name, fault, FindingStatus.Problem, "Do not trust results on this device; try the other device or the pinned libtorch.")
                : new Finding(name, "right");
        }
        catch (Exception exception) when (exception is System.Runtime.InteropServices.ExternalException or InvalidOperationException)
        {
            return new Finding(name, exception.Message.Split('\n')[0], FindingStatus.Problem, "Try the other device or the pinned libtorch.");
        }
    }

    // x = 0..24 in 5x5, a 3x3 kernel of ones without padding: y[i, j] = 9 (6 + 5 i + j). The loss is the sum of y: dL/dx counts the windows over a
    // pixel, dL/dw sums the pixels under a tap. All are integers below 2^24 and so exact in 32-bit floats.
    private static string? Convolve(Device device)
    {
        using var scope = NewDisposeScope();
        var input = arange(25, ScalarType.Float32).reshape(1, 1, 5, 5).to(device).requires_grad_();
        var kernel = ones(1, 1, 3, 3, device: device).requires_grad_();
        var output = nn.functional.conv2d(input, kernel);
        var gradients = Autograd.Grad([output.sum()], [input, kernel]);
        float[] expectedOutput = [54, 63, 72, 99, 108, 117, 144, 153, 162];
        float[] expectedInput = [1, 2, 3, 2, 1, 2, 4, 6, 4, 2, 3, 6, 9, 6, 3, 2, 4, 6, 4, 2, 1, 2, 3, 2, 1];
        float[] expectedKernel = [54, 63, 72, 99, 108, 117, 144, 153, 162];
        return Differs(output, expectedOutput) ? "a convolution is wrong"
            : Differs(gradients[0], expectedInput) ? "the gradient of a convolution's input is wrong"
            : Differs(gradients[1], expectedKernel) ? "the gradient of a convolution's kernel is wrong"
            : null;
    }

    private static bool Differs(Tensor actual, float[] expected) => !actual.detach().cpu().contiguous().data<float>().ToArray().AsSpan().SequenceEqual(expected);
}
