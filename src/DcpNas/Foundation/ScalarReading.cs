using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>Reads numbers out of tensors.</summary>
internal static class ScalarReading
{
    /// <summary>The value of a tensor of one element, of any floating type and device.</summary>
    public static double ToDouble(this Tensor value)
    {
        using var _ = no_grad();
        using var number = value.detach().to(ScalarType.Float64);
        return number.item<double>();
    }
}
