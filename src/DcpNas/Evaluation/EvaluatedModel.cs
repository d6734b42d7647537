using DcpNas.Native;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Evaluation;

/// <summary>A trained network on the device that options name, which is the default one until this is disposed.</summary>
internal sealed class EvaluatedModel : IDisposable
{
    private readonly DefaultDevice _defaultDevice;

    private EvaluatedModel(TrainedModel trained, Device device, DefaultDevice defaultDevice) => (Trained, Device, _defaultDevice) = (trained, device, defaultDevice);

    /// <summary>The network.</summary>
    public TrainedModel Trained { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>Checks the options, loads the network that they name, and builds something on it that will dispose it.</summary>
    /// <typeparam name="T">What is built.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="task">The task that it must have learned.</param>
    /// <param name="build">Builds it; where it fails, the network is disposed here.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The model or the device cannot be used.</exception>
    public static T Open<T>(EvaluationOptions options, string task, Func<EvaluatedModel, T> build)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        var device = Devices.Parse(options.Device);
        Threads.Set(options.Threads);
        var defaultDevice = new DefaultDevice(device);
        TrainedModel? trained = null;
        try
        {
            trained = TrainedModel.Load(options.Model);
            trained.ThrowIfNotOf(task, "Use dcpnas evaluate, which reads the task from the file, or a checkpoint of this task.");
            return build(new EvaluatedModel(trained, device, defaultDevice));
        }
        catch
        {
            trained?.Dispose();
            defaultDevice.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trained.Dispose();
        _defaultDevice.Dispose();
    }
}
