using DcpNas.Runs;
using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>The data over which a trained network is run.</summary>
/// <typeparam name="TOptions">The options of a training of its task.</typeparam>
/// <param name="Options">The options of the run, or the defaults where there is none, with the data to open and to split as the run did.</param>
/// <param name="IsThatOfRun">Whether they are the data that the network was trained on, so that what was held out is known.</param>
/// <param name="OtherDataset">The name of the data, where the network lies in a run of other data.</param>
public sealed record ModelData<TOptions>(TOptions Options, bool IsThatOfRun, string? OtherDataset)
    where TOptions : TrainingOptions, new();

/// <summary>Finds the data over which a trained network is run: those of the run that it lies in, or others.</summary>
public static class ModelData
{
    /// <summary>The data that are named, else those of the run.</summary>
    /// <typeparam name="TOptions">The options of a training of its task.</typeparam>
    /// <param name="model">The network.</param>
    /// <param name="dataset">The data set; null: that of the run.</param>
    /// <param name="folder">Its folder; null: that of the run, where the data set is the run's too.</param>
    /// <param name="split">The split that is wanted, one of <see cref="SplitNames"/>.</param>
    /// <exception cref="InputException">Nothing is named, and there is no run; its options are damaged; or the split is not test, and the data are others.</exception>
    public static ModelData<TOptions> Find<TOptions>(TrainedModel model, string? dataset, string? folder, string split)
        where TOptions : TrainingOptions, new()
    {
        var run = RunOf<TOptions>(model);
        var name = dataset ?? run?.Dataset ?? throw new InputException(
            $"{model.Path}: lies in no training run, so its data are not known (it learned from {model.Info.Dataset}). Name them with --dataset.");
        var isThatOfRun = run is not null && run.Dataset == name && (folder is null || folder == run.Data);
        if (split != SplitNames.Test && !isThatOfRun)
        {
            throw new InputException($"{model.Path}: which images were held out is known only to the run that trained it, on its own data. "
                + $"Name a run folder without other data, or use --split {SplitNames.Test}.");
        }

        return Of(model, run, name, folder ?? (isThatOfRun ? run!.Data : null), isThatOfRun);
    }

    /// <summary>Data that are named, whatever those of the run; without a name, those of the run, which may lie in another folder now.</summary>
    /// <inheritdoc cref="Find"/>
    public static ModelData<TOptions> NamedOrThatOfRun<TOptions>(TrainedModel model, string? dataset, string? folder)
        where TOptions : TrainingOptions, new()
    {
        if (dataset is not null)
        {
            return Of<TOptions>(model, null, dataset, folder, isThatOfRun: false);
        }

        var run = RunOf<TOptions>(model) ?? throw new InputException($"{model.Path}: there is no {RunFiles.Options} beside it, so the images of its run are unknown. "
            + "Name a data set with --dataset, and its folder with --data.");
        return Of(model, run, run.Dataset, folder ?? run.Data, isThatOfRun: true);
    }

    private static ModelData<TOptions> Of<TOptions>(TrainedModel model, TOptions? run, string dataset, string? folder, bool isThatOfRun)
        where TOptions : TrainingOptions, new() => new(
            (TOptions)(run ?? new TOptions()).On(dataset, folder, model.Info.Preprocessing, isOther: !isThatOfRun),
            isThatOfRun,
            run is null || isThatOfRun ? null : dataset);

    private static TOptions? RunOf<TOptions>(TrainedModel model)
        where TOptions : TrainingOptions, new()
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model.Path))!, RunFiles.Options);
        return File.Exists(path) ? OptionsJson.Read<TOptions>(JsonFiles.ReadObject(path).ToJsonString(), path, "{}") : null;
    }
}
