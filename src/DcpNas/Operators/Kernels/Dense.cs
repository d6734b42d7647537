using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>What the kernels need to know of a tensor: its address, and whether its memory is theirs to walk.</summary>
internal static unsafe partial class Dense
{
    /// <summary>Whether the tensor is float32 on the CPU with rank 4 and the memory order <c>[N, H, W, C]</c> without gaps.</summary>
    public static bool IsChannelsLast(Tensor tensor)
    {
        if (!IsFloatOnCpu(tensor) || tensor.dim() != 4)
        {
            return false;
        }

        var (samples, channels, height, width) = Sizes(tensor);
        var row = (long)channels * width;
        return samples * height * row > 0
            && Matches(channels, tensor.stride(1), 1) && Matches(width, tensor.stride(3), channels)
            && Matches(height, tensor.stride(2), row) && Matches(samples, tensor.stride(0), row * height);
    }

    /// <summary>Whether the tensor is float32 on the CPU.</summary>
    public static bool IsFloatOnCpu(Tensor tensor) => tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU;

    /// <summary>Address of the first element.</summary>
    public static float* Pointer(Tensor tensor) => (float*)Data(tensor.Handle);

    /// <summary>Address of the first element; null without a tensor.</summary>
    public static float* PointerOrNull(Tensor? tensor) => tensor is null ? null : Pointer(tensor);

    /// <summary>Address of the first element of a byte tensor.</summary>
    public static byte* Bytes(Tensor tensor) => (byte*)Data(tensor.Handle);

    /// <summary>A new tensor <c>[N, C, H, W]</c> in channels-last memory, not cleared.</summary>
    public static Tensor NewChannelsLast(long n, long c, long h, long w) =>
        empty_strided([n, c, h, w], [h * w * c, 1, w * c, c], ScalarType.Float32);

    /// <summary>A new tensor with the shape and channels-last memory of another, not cleared.</summary>
    public static Tensor NewLike(Tensor tensor)
    {
        var (samples, channels, height, width) = Sizes(tensor);
        return NewChannelsLast(samples, channels, height, width);
    }

    /// <summary>The sizes of a tensor <c>[N, C, H, W]</c>; one by one, which costs a tenth of the array of all.</summary>
    public static (long Samples, int Channels, int Height, int Width) Sizes(Tensor tensor) =>
        (tensor.size(0), (int)tensor.size(1), (int)tensor.size(2), (int)tensor.size(3));

    /// <summary>The same values in channels-last memory: the tensor itself (another handle) or a copy.</summary>
    public static Tensor ToChannelsLast(Tensor tensor) =>
        IsChannelsLast(tensor) ? tensor.alias() : tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static bool Matches(long size, long stride, long expected) => size == 1 || stride == expected;

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial void* Data(IntPtr tensor);
}
