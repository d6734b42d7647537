using DcpNas.Data.Detection;
using DcpNas.Native;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Inference;

/// <summary>Asks the checkpoint of a detector. For one thread.</summary>
public sealed class CheckpointPredictor : IPredictor
{
    private readonly TrainedModel _model;
    private readonly DetectionTask _task;
    private readonly double _score;

    /// <summary>Loads a detector.</summary>
    /// <param name="path">A run folder or a checkpoint.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="InputException">It is no trained detector, or is asked for another mode than the exact one.</exception>
    public CheckpointPredictor(string path, PredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LibTorch.Load();
        _model = TrainedModel.Load(path);
        try
        {
            _model.ThrowIfNotOf(DetectionTask.TaskName, "Use a checkpoint that dcpnas detect train wrote.");
            if (options.Mode != NumericMode.Exact)
            {
                throw new InputException($"{Path}: a checkpoint has the exact mode alone. Write a packed model first (dcpnas export {path} --out net.dcpnas), or leave out --mode.");
            }
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        (_task, _score) = ((DetectionTask)_model.Task, options.Score);
    }

    /// <inheritdoc/>
    public string Path => _model.Path;

    /// <inheritdoc/>
    public PredictionKind Kind => PredictionKind.Boxes;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _task.ClassNames;

    /// <inheritdoc/>
    public int Threads => 1;

    /// <inheritdoc/>
    public ImageResult Predict(string file)
    {
        var image = ImageScaling.Read(file);
        return new ImageResult(file) { Image = image, Boxes = [.. Find(image).Where(box => box.Score >= _score)] };
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>All objects in an image, by falling score, in its pixels.</summary>
    internal IReadOnlyList<Detection> Find(PixelImage image)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var size = _model.Info.Preprocessing;
        var table = PixelNormalization.Table(size.Statistics.Mean, size.Statistics.StandardDeviation);
        float[] numbers = [.. ImageScaling.Scale(image, size.Height, size.Width).Select((pixel, i) => table[(i % 3 * PixelNormalization.Values) + pixel])];
        var outputs = _model.Network.Run(tensor(numbers, [1, size.Height, size.Width, 3]).permute(0, 3, 1, 2)).Main;
        return [.. _task.Detector.Find(outputs)[0].Select(box => new Detection(box.Class, _task.ClassNames[box.Class], (float)box.Score,
            (float)(box.Left * image.Width), (float)(box.Top * image.Height), (float)(box.Right * image.Width), (float)(box.Bottom * image.Height)))];
    }
}
