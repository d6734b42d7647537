using DcpNas.Data;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>The images that an export is proven on, as the network reads them.</summary>
internal sealed class ExportImages : IDisposable
{
    private readonly BatchLoader _loader;

    private ExportImages(BatchLoader loader, int count, string source) => (_loader, Count, Source) = (loader, count, source);

    /// <summary>Where they come from, for people.</summary>
    public string Source { get; }

    /// <summary>Opens the validation images of the run of a model, or the test images of a data set that the options name.</summary>
    /// <exception cref="InputException">There is no such data, or it has another size.</exception>
    public static ExportImages Open(TrainedModel model, ExportOptions options)
    {
        var size = model.Info.Preprocessing;
        var (images, indices, kind) = model.Info.Task == ReIdentificationTask.TaskName
            ? Choose(ModelData.NamedOrThatOfRun<ReIdentificationTrainOptions>(model, options.Dataset, options.Data), run => run.OpenSplits(), options.Images)
            : Choose(ModelData.NamedOrThatOfRun<TrainOptions>(model, options.Dataset, options.Data), run => run.OpenSplits(), options.Images);
        if ((images.Channels, images.Height, images.Width) != (size.Channels, size.Height, size.Width))
        {
            throw new InputException($"{images.Name} has images of {images.Channels} x {images.Height} x {images.Width}, but the network of {model.Path} reads {size.Channels} x {size.Height} x {size.Width}. "
                + "Name the data set that it was trained on with --dataset and --data.");
        }

        var count = Math.Min(options.Images, indices.Count);
        var loader = new BatchLoader(images, [.. indices.Take(count)], new BatchLoaderOptions { BatchSize = Math.Min(32, count), Statistics = size.Statistics });
        return new ExportImages(loader, count, $"{count} {kind} of {images.Name}");
    }

    /// <summary>The batches; each is freed when the next one is asked for.</summary>
    public IEnumerable<Tensor> Batches() => LabelledBatches(areClasses: false).Select(batch => batch.Images);

    /// <summary>The batches with their labels.</summary>
    /// <param name="areClasses">Whether labels are those of the network; else there are none.</param>
    public IEnumerable<(Tensor Images, int[] Labels)> LabelledBatches(bool areClasses)
    {
        foreach (var batch in _loader.Epoch(0))
        {
            using var images = batch.Images;
            using var labels = batch.Labels;
            yield return (images, areClasses ? Array.ConvertAll(labels.data<long>().ToArray(), label => (int)label) : []);
        }
    }

    /// <summary>Images in all.</summary>
    public int Count { get; }

    public void Dispose() => _loader.Dispose();

    /// <summary>Of the data of a run what was held out, in its order; of other data test images, drawn as an evaluation draws them.</summary>
    private static ImageSplit<IImageDataset> Choose<TOptions>(ModelData<TOptions> data, Func<TOptions, ITaskImages<IImageDataset>> open, int count)
        where TOptions : TrainingOptions, new()
    {
        var images = open(data.Options);
        return data.IsThatOfRun
            ? images.Split(SplitNames.Valid)
            : images.Split(SplitNames.Test, Math.Min(count, images.Split(SplitNames.Test).Indices.Count));
    }
}
