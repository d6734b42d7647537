using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Outputs of a head as numbers of C#, in their order, without their graph. An output may be empty.</summary>
internal static class OutputNumbers
{
    /// <summary>All numbers in single precision.</summary>
    public static float[] Of(Tensor output) => Read<float>(output, ScalarType.Float32);

    /// <summary>All numbers in double precision.</summary>
    public static double[] InDouble(Tensor output) => Read<double>(output, ScalarType.Float64);

    private static T[] Read<T>(Tensor output, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return output.numel() == 0 ? [] : output.detach().to(type).cpu().contiguous().data<T>().ToArray(); // TorchSharp cannot read what is empty
    }
}
