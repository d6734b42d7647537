using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using DcpNas.Inference;
using DcpNas.Protocols.Detection;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Export;

/// <summary>Judges a packed model on the test images of a data set, in any of its modes: what the shipped file computes, not what the training did.</summary>
public static class PackedEvaluation
{
    /// <summary>What a model says of an image.</summary>
    /// <exception cref="InputException">Nothing that test images can judge.</exception>
    public static PredictionKind KindOf(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return PackedPredictor.KindOf(file.Model) is { } kind and (PredictionKind.Classes or PredictionKind.Boxes or PredictionKind.Embedding)
            ? kind
            : throw new InputException($"{file.Path}: the model has no output that test images can judge. Name a classifier, a detector or a network of embeddings.");
    }

    /// <summary>Judges a model by the measures of its task; writes nothing.</summary>
    /// <param name="options">Model and images.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after the images in work.</param>
    /// <exception cref="InputException">Model or images cannot be used, or do not belong together.</exception>
    /// <exception cref="PackedModelException">It is no sound packed model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PackedEvaluationOutcome Execute(PackedEvaluationOptions options, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        var file = ModelFile.Open(options.Model);
        file.ThrowIfWithout(options.Mode);
        return KindOf(file) switch
        {
            PredictionKind.Classes => Classify(),
            PredictionKind.Boxes => Detect(),
            _ => Embed(),
        };

        PackedEvaluationOutcome Classify()
        {
            var split = Options(TrainOptions.FromJson, run => run with { ImageSize = file.Model.Graph.Input.Height }, (run, dataset) => run with { Dataset = dataset }, run => run with { Data = options.Data })
                .OpenSplits().Split(SplitNames.Test, options.Images);
            var images = split.Images;
            ThrowIfOther(images.ClassNames, images.Name);
            ThrowIfOfOtherSize(images);
            var classes = images.ClassNames.Count;
            var (right, amongFive) = (0, 0);
            ForEach(split.Indices.Count, () => (Read: Read(images), Best: new Runtime.Prediction[Math.Min(5, classes)]), (runner, image, place) =>
            {
                place.Read(runner, split.Indices[image]);
                runner.TopClasses(0, place.Best);
                var (label, found) = (images.Label(split.Indices[image]), Array.ConvertAll(place.Best, prediction => prediction.Class));
                Interlocked.Add(ref right, found[0] == label ? 1 : 0);
                Interlocked.Add(ref amongFive, found.Contains(label) ? 1 : 0);
            });
            return Outcome(images.Name, split.Indices.Count, [new("top1", (double)right / split.Indices.Count), new("top5", (double)amongFive / split.Indices.Count)]);
        }

        PackedEvaluationOutcome Detect()
        {
            var input = file.Model.Graph.Input;
            var split = Options(DetectOptions.FromJson, run => run with { ImageSize = input.Height }, (run, dataset) => run with { Dataset = dataset }, run => run with { Data = options.Data })
                .OpenSplits().Split(SplitNames.Test, options.Images);
            ThrowIfOther(split.Images.ClassNames, split.Images.Name);
            var found = new IReadOnlyList<Detection>[split.Indices.Count];
            ForEach(split.Indices.Count, () => 0, (runner, image, _) =>
            {
                var picture = split.Images.Read(split.Indices[image]);
                runner.Run(ImageScaling.Scale(picture, input.Height, input.Width));
                found[image] = runner.Detections(0, picture.Width, picture.Height);
            });
            var evaluator = new DetectionEvaluator(split.Images.ClassNames);
            for (var image = 0; image < found.Length; image++)
            {
                var index = split.Indices[image];
                evaluator.Add(index, split.Images.Boxes(index), found[image].Select(box => new DetectionBox(index, box.Class, new BoundingBox(box.Left, box.Top, box.Right, box.Bottom), box.Score)));
            }

            return Outcome(split.Images.Name, found.Length, [.. evaluator.Evaluate().Metrics]);
        }

        PackedEvaluationOutcome Embed()
        {
            if (options.Images is not null)
            {
                throw new InputException("--images is not for embeddings: queries and gallery belong together. Leave it out.");
            }

            var input = file.Model.Graph.Input;
            var data = Options(
                ReIdentificationTrainOptions.FromJson, run => run with { Height = input.Height, Width = input.Width }, (run, dataset) => run with { Dataset = dataset }, run => run with { Data = options.Data }).OpenImages();
            if (PersonDatasetNames.All.Any(name => PersonDatasetNames.IsClassic(name) && name == options.Dataset))
            {
                throw new InputException($"{options.Dataset}: the classic protocol of CUHK03 is measured on a run (dcpnas evaluate). Name another data set.");
            }

            var all = data.Query.Count + data.Gallery.Count;
            var evaluator = new ReIdentificationEvaluator(Features(data.Query, 0), Features(data.Gallery, data.Query.Count), new ReIdentificationOptions { Distance = FeatureDistance.Cosine });
            return Outcome(data.Name, data.Query.Count, [.. evaluator.Measure(cancel).Values()]);

            FeatureSet Features(IPersonImages images, int before)
            {
                ThrowIfOfOtherSize(images);
                var length = checked((int)file.Model.Graph.ShapeOf(file.Model.Graph.Outputs.Single(output => output.Name == Runtime.Model.GraphOutput.Embedding).Value).Elements);
                var features = new float[images.Count * length];
                ForEach(images.Count, () => Read(images), (runner, image, read) =>
                {
                    read(runner, image);
                    runner.Embedding.CopyTo(features.AsSpan(image * length));
                }, before, all);
                return new FeatureSet(features, length, [.. Enumerable.Range(0, images.Count).Select(images.Identity)], [.. Enumerable.Range(0, images.Count).Select(images.Camera)]);
            }
        }

        PackedEvaluationOutcome Outcome(string dataset, int images, IReadOnlyList<KeyValuePair<string, double>> measures) => new(file.Path, dataset, options.Mode, images, measures);

        // Of a network of the tool the options of its training, which say what its test images are; else defaults with the data set that was named.
        TOptions Options<TOptions>(Func<string, string, TOptions> fromJson, Func<TOptions, TOptions> sized, Func<TOptions, string, TOptions> of, Func<TOptions, TOptions> at)
        {
            if (options.Dataset is { } dataset)
            {
                return at(of(sized(fromJson("{}", "defaults")), dataset));
            }

            if (!ModelZoo.IsName(options.Model))
            {
                throw new InputException($"{file.Path}: a packed model does not say which images judge it. Name a data set: --dataset NAME.");
            }

            return at(fromJson(ModelZoo.Card(options.Model)["training"]!["options"]!.ToJsonString(), options.Model));
        }

        void ThrowIfOther(IReadOnlyList<string> classes, string dataset)
        {
            if (file.Model.Info.Classes.Count > 0 && !file.Model.Info.Classes.SequenceEqual(classes))
            {
                throw new InputException($"{dataset} has the classes {string.Join(", ", classes.Take(5))}, but {file.Path} was trained for {string.Join(", ", file.Model.Info.Classes.Take(5))}. Name the data set of its training.");
            }
        }

        void ThrowIfOfOtherSize(IImageDataset images)
        {
            var input = file.Model.Graph.Input;
            if ((images.Channels, images.Height, images.Width) != (input.Channels, input.Height, input.Width))
            {
                throw new InputException($"{images.Name} has images of {images.Channels} x {images.Height} x {images.Width}, but {file.Path} reads {input.Channels} x {input.Height} x {input.Width}. Name the data set of its training.");
            }
        }

        void ForEach<TPlace>(int count, Func<TPlace> createPlace, Action<PackedRunner, int, TPlace> work, int before = 0, int? all = null)
        {
            using var pool = new PackedRunnerPool(file.Model, options.Threads, new PackedRunnerOptions { Mode = options.Mode });
            var done = before;
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancel }, createPlace, (image, _, place) =>
            {
                using (var lease = pool.Rent())
                {
                    work(lease.Runner, image, place);
                }

                progress(Interlocked.Increment(ref done), all ?? count);
                return place;
            }, _ => { });
        }
    }

    /// <summary>Runs a network on an image; with memory of its own, so that there is one for each thread.</summary>
    private static Action<PackedRunner, int> Read(IImageDataset images)
    {
        var pixels = new byte[images.BytesPerImage];
        return (runner, index) =>
        {
            images.ReadPixels(index, pixels);
            runner.Run(pixels, PixelLayout.Nchw);
        };
    }
}
