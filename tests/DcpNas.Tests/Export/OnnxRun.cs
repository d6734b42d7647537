using DcpNas.Export;
using DcpNas.Native;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>ONNX files in ONNX Runtime, each run on a thread of its own: its 8-bit kernels may use AMX, after which a thread bears no null reference any more.</summary>
internal static class OnnxRun
{
    /// <summary>The outputs of those names.</summary>
    public static Dictionary<string, Tensor> Outputs(byte[] model, Tensor images, IEnumerable<string> names)
    {
        var (pixels, sizes, wanted) = (images.data<float>().ToArray(), images.shape.Select(size => (int)size).ToArray(), names.ToArray());
        var found = ForeignThread.RunOnce(() =>
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1 };
            using var session = new InferenceSession(model, options);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(OnnxExporter.Input, new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(pixels, sizes))], wanted);
            return results.ToDictionary(result => result.Name, result => (Numbers: result.AsTensor<float>().ToArray(), Sizes: result.AsTensor<float>().Dimensions.ToArray()));
        });
        return found.ToDictionary(result => result.Key, result => tensor(result.Value.Numbers, [.. result.Value.Sizes.Select(size => (long)size)]));
    }
}
