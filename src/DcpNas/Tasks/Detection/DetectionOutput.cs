using DcpNas.Inference;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Reads the outputs of a detector: boxes in pixels of the image, the best first.</summary>
internal static class DetectionOutput
{
    /// <inheritdoc cref="ReadOutputs"/>
    public static ImageResult Read(ITask task, IReadOnlyList<Tensor> outputs, ImageResult image, PredictorOptions options)
    {
        var (width, height) = (image.Image!.Width, image.Image.Height);
        return image with
        {
            Boxes =
            [
                .. ((DetectionTask)task).Detector.Find(outputs)[0].Where(box => (float)box.Score >= options.Score).Select(box => new Runtime.Detection(
                    box.Class, task.ClassNames[box.Class], (float)box.Score,
                    (float)(box.Left * width), (float)(box.Top * height), (float)(box.Right * width), (float)(box.Bottom * height))),
            ],
        };
    }
}
