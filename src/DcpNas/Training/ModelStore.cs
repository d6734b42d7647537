using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Saves the models of a run, and loads each again at once: the file must say what the network says.</summary>
public sealed class ModelStore : IDisposable
{
    private const double TolerancePerOutput = 1e-3;
    private readonly string _folder;
    private readonly ModelInfo _info;
    private readonly TaskBatch _probe;

    /// <summary>Creates the store.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="info">What is trained.</param>
    /// <param name="data">Gives the fixed batch of the comparison: the first one of validation.</param>
    public ModelStore(string folder, ModelInfo info, ITaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        (_folder, _info) = (folder, info);
        _probe = data.Validation().First();
    }

    /// <summary>The path of a model.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Saves a model and compares it with its file.</summary>
    /// <param name="name">One of <see cref="RunFiles"/>.</param>
    /// <param name="stage">The stage that it comes from.</param>
    /// <param name="network">Backbone and head.</param>
    /// <param name="training">How it came about.</param>
    /// <exception cref="InvalidOperationException">The file says something else than the network: a fault of ours.</exception>
    public void Save(string name, TrainStage stage, TaskNetwork network, JsonObject training)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(network);
        TrainedModel.Save(PathOf(name), network, _info with { Network = stage.Network }, training, auxiliary: stage.Name == TrainStage.Step1Name);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var loaded = TrainedModel.Load(PathOf(name));
        var wasTraining = network.training;
        network.eval();
        foreach (var (expected, actual) in network.Run(_probe.Images).Main.Zip(loaded.Network.Run(_probe.Images).Main))
        {
            var difference = (expected - actual).abs().max().ToDouble();
            if (!(difference <= (_probe.Images.device_type == TorchSharp.DeviceType.CPU ? 0 : TolerancePerOutput)))
            {
                throw new InvalidOperationException($"Bug in DcpNas: {PathOf(name)} differs from the network that was saved by {difference} on {_probe.Count} images.");
            }
        }

        network.train(wasTraining);
    }

    /// <inheritdoc/>
    public void Dispose() => _probe.Dispose();
}
