using DcpNas.Evaluation;
using DcpNas.Networks;

namespace DcpNas.Tasks.Classification;

/// <summary>Evaluates a trained classifier: measures, cost, files.</summary>
public static class ClassificationEvaluationRun
{
    /// <summary>Runs a network over a split and writes <c>evaluation.json</c> and <c>evaluation.html</c>, or what <see cref="EvaluationFiles"/> calls them.</summary>
    /// <param name="options">Network and images.</param>
    /// <param name="folder">Where the files go, created if it is not there; null: the folder of the checkpoint.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after a batch; nothing is written then.</param>
    /// <exception cref="InputException">Options, network or images cannot be used, the network has other classes, or the files cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassificationEvaluationOutcome Execute(ClassificationEvaluationOptions options, string? folder, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var setup = ClassificationEvaluationSetup.Open(options);
        setup.Model.ThrowIfNotClasses(setup.Images.ClassNames, setup.Images.Name);
        var target = folder ?? Path.GetDirectoryName(Path.GetFullPath(setup.Model.Path))!;
        var (json, html) = (Path.Combine(target, setup.Files.Name("evaluation", ".json")), Path.Combine(target, setup.Files.Name("evaluation", ".html")));
        EvaluationFiles.Claim(setup.Model.Path, json, html);
        var tally = setup.Pass.Classify(done => progress(done, setup.Indices.Count), cancel);
        var outcome = new ClassificationEvaluationOutcome
        {
            Model = setup.Model.Path,
            Dataset = setup.Images.Name,
            Split = options.Split,
            ClassNames = setup.Images.ClassNames,
            Metrics = tally.Measure(),
            Cost = NetworkCatalog.Cost(setup.Model.Info.Network, tally.Classes),
            Predictions = tally.Predictions,
            Images = setup.Images,
            Indices = setup.Indices,
            Network = setup.Model.Info.Network.ToJson(),
            JsonPath = json,
            PagePath = html,
        };
        var page = ClassificationEvaluationReport.Render(outcome);
        cancel.ThrowIfCancellationRequested();
        WriteProbe.CreateFolder(target);
        AtomicFile.WriteText(outcome.JsonPath, JsonFiles.Format(outcome.ToJson()));
        AtomicFile.WriteText(outcome.PagePath, page);
        return outcome;
    }
}
