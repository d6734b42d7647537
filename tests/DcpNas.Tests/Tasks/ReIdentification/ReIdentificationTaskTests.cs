using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Tasks;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.ReIdentification;

/// <summary>The losses of re-identification against loops written out, and their gradients against finite differences.</summary>
public class ReIdentificationTaskTests
{
    private const int Images = 6, Features = 4, Persons = 3;
    private static readonly long[] Labels = [0, 0, 1, 1, 2, 2];

    public ReIdentificationTaskTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(5.0)]
    [InlineData(null)]
    public void Triplet_OfRandomFeatures_IsTheWrittenOutLoopAndItsGradientThatOfFiniteDifferences(double? margin)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var features = randn(Images, Features, dtype: ScalarType.Float64).requires_grad_();
        var values = features.detach().data<double>().ToArray();
        var loss = BatchHardTriplet.Loss(features, tensor(Labels), margin);
        Assert.Equal(Triplet(values, margin), loss.item<double>(), 10);

        var gradient = Autograd.Grad([loss], [features])[0].contiguous().data<double>().ToArray();
        Assert.Contains(gradient, number => Math.Abs(number) > 1e-3);
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(Slope(values, i, moved => Triplet(moved, margin)), gradient[i], 6));
    }

    [Fact]
    public void Triplet_OfAPersonSeenOnceAndOfEqualFeatures_IsFinite()
    {
        using var scope = NewDisposeScope();
        var features = tensor(new double[,] { { 1, 2 }, { 1, 2 }, { 1, 2 } }).requires_grad_();
        var loss = BatchHardTriplet.Loss(features, tensor((long[])[0, 0, 1]), 0.3);
        Assert.Equal(0.3, loss.item<double>(), 9);
        Assert.True(Autograd.Grad([loss], [features])[0].isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.5)]
    [InlineData(0.2, 1.0)]
    public void Loss_WithATeacher_IsTheWrittenOutSumAndItsGradientThatOfFiniteDifferences(double smoothing, double share)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var task = new ReIdentificationTask(Persons, new ReIdentificationLossOptions
        {
            LabelSmoothing = smoothing,
            DistillationWeight = share,
            TripletWeight = 0.7,
            TripletMargin = 0.4,
            Temperature = 2,
            EmbeddingDistillationWeight = 1.5,
        });
        var (embedding, features, scores) = (Draw(Features), Draw(Features), Draw(Persons));
        var (taughtEmbedding, taughtScores) = (Draw(Features).detach(), Draw(Persons).detach());
        using var batch = new TaskBatch(zeros(Images, 3, 8, 8), tensor(Labels));
        var loss = task.Loss(new TaskOutput([embedding, features, scores], null), batch, [taughtEmbedding, taughtEmbedding, taughtScores]);
        var (e, f, z, te, tz) = (Numbers(embedding), Numbers(features), Numbers(scores), Numbers(taughtEmbedding), Numbers(taughtScores));
        Assert.Equal(Expected(e, f, z), loss.item<double>(), 10);

        var gradients = Autograd.Grad([loss], [embedding, features, scores]).Select(Numbers).ToArray();
        Assert.All(Enumerable.Range(0, e.Length), i => Assert.Equal(Slope(e, i, moved => Expected(moved, f, z)), gradients[0][i], 6));
        Assert.All(Enumerable.Range(0, f.Length), i => Assert.Equal(Slope(f, i, moved => Expected(e, moved, z)), gradients[1][i], 6));
        Assert.All(Enumerable.Range(0, z.Length), i => Assert.Equal(Slope(z, i, moved => Expected(e, f, moved)), gradients[2][i], 6));

        double Expected(double[] embeddings, double[] pooled, double[] logits) =>
            ((1 - share) * (CrossEntropy(logits, smoothing) + (0.7 * Triplet(pooled, 0.4)))) + (share * ((4 * Divergence(logits, tz, 2)) + (1.5 * Turn(embeddings, te))));
    }

    [Fact]
    public void Run_OfTheHead_NormalisesWithTheBatchInTrainingAndWithTheRunningStatisticsAfterwards()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var head = new EmbeddingHead(Features, Persons);
        var map = randn(Images, Features, 3, 2) + 2;
        var pooled = map.mean([2, 3]);
        var maps = new BackboneOutput([map], null);
        head.train();
        var trained = head.Run(maps);
        var (mean, variance) = (pooled.mean([0L]), pooled.var(0, unbiased: false));
        Near((pooled - mean) / (variance + 1e-5).sqrt(), trained[0]);
        Near(pooled, trained[1]);
        Assert.Equal([Images, Persons], trained[2].shape);
        Near(mean * 0.1, head.RunningMean);

        head.eval();
        Near((pooled - head.RunningMean) / (head.RunningVariance + 1e-5).sqrt(), head.Run(maps)[0]);

        static void Near(Tensor expected, Tensor actual) => Assert.True((expected - actual).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void TrainingScore_OfABatch_IsTheSumOfAveragePrecisionsWrittenOut()
    {
        using var scope = NewDisposeScope();
        using var batch = new TaskBatch(zeros(4, 3, 8, 8), tensor((long[])[0, 0, 1, 1]));
        var features = tensor(new[,] { { 0f }, { 1f }, { 1.5f }, { 4f } });

        // 0: 1, 2, 3 -> 1. 1: 2, 0, 3 -> 1/2. 2: 1, 0, 3 -> 1/3. 3: 2, 1, 0 -> 1.
        Assert.Equal(1 + 0.5 + (1 / 3.0) + 1, new ReIdentificationTask(2).TrainingScore(new TaskOutput([features, features, features], null), batch), 12);
    }

    [Fact]
    public void Create_OfWhatACheckpointSays_GivesTheSameHead()
    {
        using var scope = NewDisposeScope();
        var task = new ReIdentificationTask(7);
        var again = TaskTable.OfCheckpoint(task.Name, "a.safetensors").Create(task.ClassNames, task.Describe(), "a.safetensors");
        using var backbone = NetworkCatalog.Create(Examples.Of(NetworkNames.Cells));
        using var head = again.CreateHead(backbone);
        Assert.Equal([7, backbone.FeatureCount], head.get_parameter("classifier_weight")!.shape);
        Assert.Equal("a.safetensors: at task_detail.persons, expected a whole number of at least 2 but found 1. Use a checkpoint that dcpnas train wrote.",
            Assert.Throws<InputException>(() => TaskTable.OfCheckpoint(task.Name, "a.safetensors").Create([], new System.Text.Json.Nodes.JsonObject { ["persons"] = 1 }, "a.safetensors")).Message);
    }

    private static Tensor Draw(int columns) => randn(Images, columns, dtype: ScalarType.Float64).requires_grad_();

    private static double[] Numbers(Tensor value) => value.detach().contiguous().data<double>().ToArray();

    private static double Slope(double[] values, int i, Func<double[], double> function)
    {
        const double Step = 1e-6;
        var (up, down) = ((double[])values.Clone(), (double[])values.Clone());
        up[i] += Step;
        down[i] -= Step;
        return (function(up) - function(down)) / (2 * Step);
    }

    private static double Triplet(double[] features, double? margin)
    {
        var sum = 0.0;
        for (var a = 0; a < Images; a++)
        {
            var (positive, negative) = (0.0, double.PositiveInfinity);
            for (var other = 0; other < Images; other++)
            {
                var square = Enumerable.Range(0, Features).Sum(k => Math.Pow(features[(a * Features) + k] - features[(other * Features) + k], 2));
                (positive, negative) = Labels[a] == Labels[other] ? (Math.Max(positive, Math.Sqrt(square)), negative) : (positive, Math.Min(negative, Math.Sqrt(square)));
            }

            sum += margin is { } m ? Math.Max(0, m + positive - negative) : Math.Log(1 + Math.Exp(positive - negative));
        }

        return sum / Images;
    }

    private static double[] LogSoftmax(double[] scores, int row, double temperature)
    {
        double[] own = [.. scores.Skip(row * Persons).Take(Persons).Select(score => score / temperature)];
        var total = Math.Log(own.Sum(Math.Exp));
        return [.. own.Select(score => score - total)];
    }

    private static double CrossEntropy(double[] scores, double smoothing) => Enumerable.Range(0, Images).Average(row =>
    {
        var log = LogSoftmax(scores, row, 1);
        return -Enumerable.Range(0, Persons).Sum(k => log[k] * (((k == Labels[row] ? 1 : 0) * (1 - smoothing)) + (smoothing / Persons)));
    });

    private static double Divergence(double[] student, double[] teacher, double temperature) => Enumerable.Range(0, Images).Average(row =>
    {
        var (p, q) = (LogSoftmax(teacher, row, temperature), LogSoftmax(student, row, temperature));
        return p.Zip(q, (logP, logQ) => Math.Exp(logP) * (logP - logQ)).Sum();
    });

    private static double Turn(double[] student, double[] teacher) => Enumerable.Range(0, Images).Average(row =>
    {
        var (a, b) = (student.Skip(row * Features).Take(Features).ToArray(), teacher.Skip(row * Features).Take(Features).ToArray());
        return 1 - (a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y)));
    });
}
