using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Evaluation;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Training;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>A network of embeddings and the persons on which it is evaluated.</summary>
internal sealed class PersonSetup : IDisposable
{
    private readonly PersonEvaluationOptions _options;
    private readonly EvaluatedModel _model;

    private PersonSetup(PersonEvaluationOptions options, EvaluatedModel model)
    {
        (_options, _model) = (options, model);
        var data = ModelData.Find<ReIdentificationTrainOptions>(Model, options.Dataset, options.Data, SplitNames.Test);
        var (name, split) = (data.Options.Dataset, options.SplitId ?? data.Options.SplitId);
        Dataset = (data.Options with { SplitId = split }).OpenImages();
        IsClassic = PersonDatasetNames.IsClassic(name);
        var isOther = data.OtherDataset is not null || (data.IsThatOfRun && split != data.Options.SplitId);
        OtherDataset = !isOther ? null : IsClassic ? $"{name}-{split}" : name;
        More = options.MultiQuery is null ? null : Dataset.MoreQueries
            ?? throw new InputException($"{Dataset.Name}: has no further images of the queries' persons (Market-1501 has gt_bbox), as multi-query needs them. Leave --multi-query out.");
        Distractors = options.Distractors is { } folder ? PersonDatasetCatalog.Distractors(folder, Dataset.Gallery.Height, Dataset.Gallery.Width) : null;
    }

    /// <summary>The network.</summary>
    public TrainedModel Model => _model.Trained;

    /// <summary>The persons.</summary>
    public PersonDataset Dataset { get; }

    /// <summary>Whether the classic protocol of CUHK03 applies.</summary>
    public bool IsClassic { get; }

    /// <summary>The name of the data, and of the split of CUHK03, where they are not those of the run; null where they are, or where there is no run.</summary>
    public string? OtherDataset { get; }

    /// <summary>Images to pool with the queries; null for none.</summary>
    public IPersonImages? More { get; }

    /// <summary>Images that join the gallery; null for none.</summary>
    public IPersonImages? Distractors { get; }

    /// <summary>Images that pass through the network.</summary>
    public int Images => Dataset.Query.Count + Dataset.Gallery.Count + (More?.Count ?? 0) + (Distractors?.Count ?? 0);

    /// <summary>Loads and checks everything.</summary>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The model, the device or the data cannot be used, or do not belong together.</exception>
    public static PersonSetup Open(PersonEvaluationOptions options) => EvaluatedModel.Open(
        options, ReIdentificationTask.TaskName, model => new PersonSetup(options, model));

    /// <summary>Runs the network over all images and hands the embeddings to the protocol.</summary>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public (ReIdentificationEvaluator Evaluator, FeatureSet Gallery) Embed(Action<int, int> progress, CancellationToken cancel)
    {
        var done = 0;
        var queries = Run(Dataset.Query);
        if (More is not null)
        {
            queries = MultiQuery.Pool(queries, Run(More), _options.MultiQuery!.Value);
        }

        var gallery = Run(Dataset.Gallery);
        gallery = Distractors is null ? gallery : Join(gallery, Run(Distractors));
        return (new ReIdentificationEvaluator(queries, gallery, _options.Protocol), gallery);

        FeatureSet Run(IPersonImages images)
        {
            var set = Embed(images, done, progress, cancel);
            done += images.Count;
            return set;
        }
    }

    /// <summary>Runs the network over some of the images.</summary>
    /// <param name="images">One of the parts.</param>
    /// <param name="done">Images that went through before.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public FeatureSet Embed(IPersonImages images, int done, Action<int, int> progress, CancellationToken cancel) => EmbeddingPass.Run(Model.Network, images, new BatchLoaderOptions
    {
        BatchSize = _options.BatchSize,
        Workers = _options.Workers,
        ChannelsLast = true,
        Statistics = Model.Info.Preprocessing.Statistics, // those of the training, whatever the images
        Device = _model.Device,
    }, count => progress(done + (int)count, Images), cancel);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static FeatureSet Join(FeatureSet first, FeatureSet second)
    {
        var features = new float[(long)(first.Count + second.Count) * first.Dimensions];
        foreach (var (set, offset) in ((FeatureSet, int)[])[(first, 0), (second, first.Count)])
        {
            for (var image = 0; image < set.Count; image++)
            {
                set.Feature(image).CopyTo(features.AsSpan((offset + image) * first.Dimensions));
            }
        }

        return new FeatureSet(features, first.Dimensions, [.. first.Identities, .. second.Identities], [.. first.Cameras, .. second.Cameras]);
    }
}
