using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Person re-identification: an embedding per image that is near for the same person and far for others.</summary>
/// <remarks>
/// <c>L = (1 - w) (CE(y, z) + t Triplet(f)) + w (T^2 KL(teacher || student) + c mean(1 - cos(e, e_teacher)))</c>; w is 0 without a teacher. CE smooths the
/// labels: <c>(1 - s) y + s / identities</c>. z, f, e: see <see cref="EmbeddingHead"/>. Targets of a batch: labels (training) or identities, cameras and
/// <see cref="PersonRole"/> (all else), int64 <c>[N]</c> each.
/// </remarks>
public sealed class ReIdentificationTask : ITask
{
    /// <summary>The name that is written to files.</summary>
    public const string TaskName = "re_identification";

    /// <summary>What <c>--task</c> and options files call it.</summary>
    public const string OptionName = "reid";

    /// <summary>The metric that selects networks: mean average precision.</summary>
    public const string MeanAveragePrecision = "map";

    private const string PersonsKey = "persons";
    private readonly ReIdentificationLossOptions _options;

    /// <summary>Creates the task.</summary>
    /// <param name="persons">Persons of the training, at least 2.</param>
    /// <param name="options">The loss; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">There are fewer than two persons.</exception>
    public ReIdentificationTask(int persons, ReIdentificationLossOptions? options = null)
    {
        _options = options ?? new ReIdentificationLossOptions();
        if (_options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("re-identification options", problems);
        }

        Persons = persons >= 2 ? persons : throw new InputException($"Re-identification learns from at least 2 persons, got {persons}. Use data with more persons.");
    }

    /// <summary>Persons of the training.</summary>
    public int Persons { get; }

    /// <inheritdoc/>
    public string Name => TaskName;

    /// <inheritdoc/>
    public string PrimaryMetric => MeanAveragePrecision;

    /// <summary>None: persons of the training mean nothing at inference.</summary>
    public IReadOnlyList<string> ClassNames { get; } = [];

    /// <summary>The task that a checkpoint describes, with its default loss.</summary>
    /// <param name="detail">As <see cref="Describe"/> gives it.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <exception cref="InputException">The description lacks the persons.</exception>
    public static ReIdentificationTask FromDetail(JsonObject detail, string source)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return detail[PersonsKey] is JsonValue value && value.TryGetValue<int>(out var persons) && persons >= 2
            ? new ReIdentificationTask(persons)
            : throw InputException.InFile(source, $"task_detail.{PersonsKey}", "a whole number of at least 2", detail[PersonsKey]?.ToJsonString() ?? "none", "Use a checkpoint that dcpnas train wrote.");
    }

    /// <inheritdoc/>
    public JsonObject Describe() => new() { [PersonsKey] = Persons };

    /// <summary>The backbone alone, for a classifier of one output: the neck folds into a scale and a shift of the features, which is as much.</summary>
    public CostReport Cost(NetworkDescription network)
    {
        var body = NetworkCatalog.Cost(network, 1);
        var output = $"embeddings of {NetworkCatalog.Stages(network)[^1].Channels} numbers";
        return new CostReport(body.Genotype, body.Geometry, body.Layers) { Architecture = body.Architecture, Output = output };
    }

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return new EmbeddingHead(backbone.FeatureCount, Persons);
    }

    /// <summary>None.</summary>
    public AuxiliaryHead? CreateAuxiliaryHead(Backbone backbone) => null;

    /// <inheritdoc/>
    public Tensor Loss(TaskOutput output, TaskBatch batch, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (embedding, features, scores, labels) = (output.Main[0], output.Main[1], output.Main[2], batch.Targets[0]);
        var share = teacher is null ? 0 : _options.DistillationWeight;
        List<Tensor> terms = [];
        if (share < 1)
        {
            terms.Add(nn.functional.cross_entropy(scores, labels, label_smoothing: _options.LabelSmoothing) * (1 - share));
            if (_options.TripletWeight > 0)
            {
                terms.Add(BatchHardTriplet.Loss(features, labels, _options.TripletMargin) * ((1 - share) * _options.TripletWeight));
            }
        }

        if (share > 0)
        {
            terms.Add(Distillation.Divergence(scores, teacher![2], _options.Temperature) * share);
            if (_options.EmbeddingDistillationWeight > 0)
            {
                var cosine = nn.functional.cosine_similarity(embedding, teacher[0].detach(), 1, 1e-8);
                terms.Add((1 - cosine).mean() * (share * _options.EmbeddingDistillationWeight));
            }
        }

        return terms.Aggregate((sum, term) => sum + term).MoveToOuterDisposeScope();
    }

    /// <summary>The average precision of each image of the batch asked for among the others, by Euclidean distance of features, summed.</summary>
    public double TrainingScore(TaskOutput output, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var distances = BatchHardTriplet.Distances(output.Main[1].detach().to(ScalarType.Float32)).cpu().contiguous().data<float>().ToArray();
        var labels = batch.Targets[0].cpu().data<long>().ToArray();
        return Enumerable.Range(0, labels.Length).Sum(query => AveragePrecision(query, distances.AsSpan(query * labels.Length, labels.Length).ToArray(), labels));
    }

    /// <inheritdoc/>
    public ITaskEvaluator CreateEvaluator() => new PersonEvaluator();

    private static double AveragePrecision(int query, float[] distances, long[] labels)
    {
        var (hits, sum, rank) = (0, 0.0, 0);
        foreach (var other in Enumerable.Range(0, labels.Length).Where(other => other != query).OrderBy(other => distances[other]))
        {
            rank++;
            if (labels[other] == labels[query])
            {
                sum += (double)++hits / rank;
            }
        }

        return hits == 0 ? 0 : sum / hits;
    }
}
