using DcpNas.Native;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Inference;

/// <summary>Asks the network of a checkpoint, of any task. For one thread.</summary>
public sealed class CheckpointPredictor : IPredictor
{
    private readonly TrainedModel _model;
    private readonly TaskRow _task;
    private readonly PredictorOptions _options;

    /// <summary>Loads a network.</summary>
    /// <param name="path">A run folder or a checkpoint.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="InputException">It is no trained network, or is asked for another mode than the exact one.</exception>
    public CheckpointPredictor(string path, PredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LibTorch.Load();
        _model = TrainedModel.Load(path);
        if (options.Mode != NumericMode.Exact)
        {
            _model.Dispose();
            throw new InputException($"{Path}: a checkpoint has the exact mode alone. Write a packed model first (dcpnas export {path} --out net.dcpnas), or leave out --mode.");
        }

        (_task, _options) = (TaskTable.OfCheckpoint(_model.Info.Task, Path), options);
    }

    /// <inheritdoc/>
    public string Path => _model.Path;

    /// <inheritdoc/>
    public PredictionKind Kind => _task.Output;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _model.Task.ClassNames;

    /// <inheritdoc/>
    public int Threads => 1;

    /// <inheritdoc/>
    public ImageResult Predict(string file)
    {
        var size = _model.Info.Preprocessing;
        var (pixels, image) = PredictorPixels.Read(file, Kind, (size.Height, size.Width, size.Channels), size.Stretch, size.ResizeTo);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var table = PixelNormalization.Table(size.Statistics.Mean, size.Statistics.StandardDeviation);
        float[] numbers = [.. pixels.Select((pixel, i) => table[(i % size.Channels * PixelNormalization.Values) + pixel])];
        var outputs = _model.Network.Run(tensor(numbers, [1, size.Height, size.Width, size.Channels]).permute(0, 3, 1, 2)).Main;
        return _task.Read(_model.Task, outputs, image, _options);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
