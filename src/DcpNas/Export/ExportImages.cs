using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Runs;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>The images that an export is proven on, as the network reads them.</summary>
internal sealed class ExportImages : IDisposable
{
    private readonly BatchLoader _loader;
    private readonly int _count;

    private ExportImages(BatchLoader loader, int count, string source) => (_loader, _count, Source) = (loader, count, source);

    /// <summary>Where they come from, for people.</summary>
    public string Source { get; }

    /// <summary>Opens the validation images of the run of a model, or the test images of a data set that the options name.</summary>
    /// <exception cref="InputException">There is no such data, or it has another size.</exception>
    public static ExportImages Open(TrainedModel model, ExportOptions options)
    {
        var size = model.Info.Preprocessing;
        var (images, indices, kind) = model.Info.Task == ReIdentificationTask.TaskName ? OpenPersons(model, options) : OpenClasses(model, options);
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
    public int Count => _count;

    public void Dispose() => _loader.Dispose();

    private static (IImageDataset Images, IReadOnlyList<int> Indices, string Kind) OpenClasses(TrainedModel model, ExportOptions options)
    {
        var run = RunOptions(model, options, TrainOptions.Load);
        var data = DatasetCatalog.Open(options.Dataset ?? run!.Dataset, options.Data ?? run?.Data, new DatasetOptions
        {
            ImageSize = run?.ImageSize ?? model.Info.Preprocessing.Width,
            ResizeTo = model.Info.Preprocessing.ResizeTo,
            SyntheticTrainImages = run?.TrainImages ?? new DatasetOptions().SyntheticTrainImages,
        });
        return run is null
            ? (data.Test, DataSplit.Subset(data.Test, 0, Math.Min(options.Images, data.Test.Count)), "test images")
            : (data.Train, HoldOutSplit.Of(data.Train, run.Seed, run.ValidationShare, run.TrainImages).Validation, "validation images");
    }

    private static (IImageDataset Images, IReadOnlyList<int> Indices, string Kind) OpenPersons(TrainedModel model, ExportOptions options)
    {
        var run = RunOptions(model, options, ReIdentificationTrainOptions.Load);
        var size = model.Info.Preprocessing;
        var data = PersonDatasetCatalog.Open(
            options.Dataset ?? run!.Dataset, options.Data ?? run?.Data, run?.DataOptions ?? new PersonDatasetOptions { Height = size.Height, Width = size.Width });
        return run is null
            ? (data.Query, [.. Enumerable.Range(0, data.Query.Count)], "queries")
            : (data.Train, PersonSplit.Of(data.Train, run.Seed, run.ValidationShare).Validation, "validation images");
    }

    /// <summary>The options of the run that the checkpoint lies in; null where a data set is named.</summary>
    private static T? RunOptions<T>(TrainedModel model, ExportOptions options, Func<string, T> load)
        where T : TrainingOptions
    {
        if (options.Dataset is not null)
        {
            return null;
        }

        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model.Path))!, RunFiles.Options);
        return File.Exists(path)
            ? load(path)
            : throw new InputException($"{model.Path}: there is no {RunFiles.Options} beside it, so the images of its run are unknown. Name a data set with --dataset, and its folder with --data.");
    }
}
