using DcpNas.Data.Detection;
using DcpNas.Native;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Assessment;

/// <summary>Finds objects in images with a trained checkpoint. For one thread.</summary>
public sealed class CheckpointDetector : IDisposable
{
    private readonly TrainedModel _model;
    private readonly DetectionTask _task;

    /// <summary>Loads a detector.</summary>
    /// <param name="path">A run folder or a checkpoint.</param>
    /// <exception cref="InputException">It is no trained detector.</exception>
    public CheckpointDetector(string path)
    {
        LibTorch.Load();
        _model = TrainedModel.Load(path);
        try
        {
            _model.ThrowIfNotOf(DetectionTask.TaskName, "Use a checkpoint that dcpnas detect train wrote.");
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        _task = (DetectionTask)_model.Task;
    }

    /// <summary>The checkpoint.</summary>
    public string Path => _model.Path;

    /// <summary>The objects in an image, by falling score, in its pixels.</summary>
    /// <param name="image">An image of any size.</param>
    public IReadOnlyList<Detection> Find(PixelImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var size = _model.Info.Preprocessing;
        var table = PixelNormalization.Table(size.Statistics.Mean, size.Statistics.StandardDeviation);
        float[] numbers = [.. ImageScaling.Scale(image, size.Height, size.Width).Select((pixel, i) => table[(i % 3 * PixelNormalization.Values) + pixel])];
        var outputs = _model.Network.Run(tensor(numbers, [1, size.Height, size.Width, 3]).permute(0, 3, 1, 2)).Main;
        return [.. _task.Detector.Find(outputs)[0].Select(box => new Detection(box.Class, _task.ClassNames[box.Class], (float)box.Score,
            (float)(box.Left * image.Width), (float)(box.Top * image.Height), (float)(box.Right * image.Width), (float)(box.Bottom * image.Height)))];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
