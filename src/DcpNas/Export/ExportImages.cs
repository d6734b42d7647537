using DcpNas.Data;
using DcpNas.Runs;
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
        var run = RunOptions(model, options);
        var size = model.Info.Preprocessing;
        var data = DatasetCatalog.Open(options.Dataset ?? run!.Dataset, options.Data ?? run?.Data, new DatasetOptions
        {
            ImageSize = run?.ImageSize ?? size.Width,
            ResizeTo = size.ResizeTo,
            SyntheticTrainImages = run?.TrainImages ?? new DatasetOptions().SyntheticTrainImages,
        });
        var isOfRun = run is not null;
        var images = isOfRun ? data.Train : data.Test;
        if ((images.Channels, images.Height, images.Width) != (size.Channels, size.Height, size.Width))
        {
            throw new InputException($"{data.Name} has images of {images.Channels} x {images.Height} x {images.Width}, but the network of {model.Path} reads {size.Channels} x {size.Height} x {size.Width}. "
                + "Name the data set that it was trained on with --dataset and --data.");
        }

        var indices = isOfRun
            ? HoldOutSplit.Of(data.Train, run!.Seed, run.ValidationShare, run.TrainImages).Validation
            : DataSplit.Subset(data.Test, 0, Math.Min(options.Images, data.Test.Count));
        var count = Math.Min(options.Images, indices.Count);
        var loader = new BatchLoader(images, [.. indices.Take(count)], new BatchLoaderOptions { BatchSize = Math.Min(32, count), Statistics = size.Statistics });
        return new ExportImages(loader, count, $"{count} {(isOfRun ? "validation images" : "test images")} of {data.Name}");
    }

    /// <summary>The batches; each is freed when the next one is asked for.</summary>
    public IEnumerable<Tensor> Batches()
    {
        foreach (var batch in _loader.Epoch(0))
        {
            using var images = batch.Images;
            batch.Labels.Dispose();
            yield return images;
        }
    }

    /// <summary>Images in all.</summary>
    public int Count => _count;

    public void Dispose() => _loader.Dispose();

    /// <summary>The options of the run that the checkpoint lies in; null where a data set is named.</summary>
    private static TrainOptions? RunOptions(TrainedModel model, ExportOptions options)
    {
        if (options.Dataset is not null)
        {
            return null;
        }

        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model.Path))!, RunFiles.Options);
        return File.Exists(path)
            ? TrainOptions.Load(path)
            : throw new InputException($"{model.Path}: there is no {RunFiles.Options} beside it, so the images of its run are unknown. Name a data set with --dataset, and its folder with --data.");
    }
}
