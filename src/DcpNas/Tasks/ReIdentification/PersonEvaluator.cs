using System.Text.Json.Nodes;
using DcpNas.Protocols.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Gathers embeddings and evaluates them by the protocol of Market-1501, with the cosine distance: mAP, mINP, rank-1, 5, 10 and 20.</summary>
public sealed class PersonEvaluator : ITaskEvaluator
{
    private readonly Part _query = new();
    private readonly Part _gallery = new();
    private long _images;

    /// <inheritdoc/>
    public void Add(IReadOnlyList<Tensor> outputs, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        ShapeException.ThrowIfNot(outputs[0], "embeddings", batch.Count, -1);
        var rows = outputs[0].detach().to(ScalarType.Float32).cpu().contiguous();
        EmbeddingPass.Check(rows);
        var (numbers, length) = (rows.data<float>().ToArray(), (int)rows.shape[1]);
        var (persons, cameras, roles) = (Whole(batch.Targets[0]), Whole(batch.Targets[1]), Whole(batch.Targets[2]));
        for (var i = 0; i < persons.Length; i++)
        {
            var role = (PersonRole)roles[i];
            var embedding = numbers.AsSpan(i * length, length);
            if (role is PersonRole.Query or PersonRole.Both)
            {
                _query.Add(embedding, (int)persons[i], (int)cameras[i]);
            }

            if (role is PersonRole.Gallery or PersonRole.Both)
            {
                _gallery.Add(embedding, (int)persons[i], (int)cameras[i]);
            }
        }

        _images += batch.Count;
    }

    /// <inheritdoc/>
    public TaskEvaluation Evaluate()
    {
        if (_images == 0)
        {
            throw new InvalidOperationException("At least one batch must be taken in before it can be evaluated.");
        }

        var metrics = new ReIdentificationEvaluator(_query.ToSet(), _gallery.ToSet(), new ReIdentificationOptions { Distance = FeatureDistance.Cosine, Threads = get_num_threads() }).Measure();
        return new TaskEvaluation(_images, MetricsOf(metrics), new JsonObject
        {
            ["distance"] = "cosine",
            ["queries"] = metrics.Queries.Count - metrics.SkippedQueries,
            ["gallery"] = metrics.GalleryImages,
        });
    }

    /// <summary>The measures by the names that reach files, all from 0 to 1.</summary>
    internal static Dictionary<string, double> MetricsOf(ReIdentificationMetrics metrics) => new()
    {
        [ReIdentificationTask.MeanAveragePrecision] = metrics.MeanAveragePrecision,
        ["minp"] = metrics.MeanInverseNegativePenalty,
        ["rank1"] = metrics.MatchingRate(1),
        ["rank5"] = metrics.MatchingRate(5),
        ["rank10"] = metrics.MatchingRate(10),
        ["rank20"] = metrics.MatchingRate(20),
    };

    private static long[] Whole(Tensor target) => target.cpu().data<long>().ToArray();

    private sealed class Part
    {
        private readonly List<float> _numbers = [];
        private readonly List<int> _persons = [];
        private readonly List<int> _cameras = [];

        public void Add(ReadOnlySpan<float> embedding, int person, int camera)
        {
            _numbers.AddRange(embedding);
            _persons.Add(person);
            _cameras.Add(camera);
        }

        public FeatureSet ToSet() => new(_numbers.ToArray(), _numbers.Count / Math.Max(1, _persons.Count), _persons, _cameras);
    }
}
