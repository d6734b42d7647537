using System.CommandLine;
using System.Text.Json;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.StepBench;

/// <summary><c>export</c>: the state before the first step, the batches, and what our steps make of them, for the reference in PyTorch.</summary>
/// <remarks>
/// Tensors: <c>parent.NAME</c>, <c>child.NAME</c>, <c>parent_alpha.NAME</c>, <c>child_alpha.NAME</c>, <c>weights_images.K</c>, <c>weights_labels.K</c>,
/// <c>alpha_images.K</c>, <c>alpha_labels.K</c>; with steps also <c>expect.parent_alpha_gradient</c>, <c>expect.child_alpha_gradient</c>,
/// <c>expect.match_gradient.NAME</c>,
/// <c>expect.loss.K.PART</c> and the state behind the last step under <c>after.</c>. Metadata <c>options</c>: the settings as JSON.
/// </remarks>
internal static class ExportCommand
{
    /// <summary>The Child's alpha before its weights, so that the scales are still those of the export; check.py keeps the same order.</summary>
    private static readonly IReadOnlyList<StepPart> Order = [StepPart.All[0], StepPart.All[1], StepPart.All[3], StepPart.All[2]];

    public static Command Create()
    {
        var command = new Command("export", "Writes weights, alpha, batches and expected results as safetensors for the reference in PyTorch.");
        var size = new SizeOptions(command, defaultBatch: 64);
        var path = new Argument<string>("path") { Description = "The file to write." };
        var steps = new Option<int>("--steps") { DefaultValueFactory = _ => 0, Description = "Full search steps whose results are written too." };
        var isDouble = new Option<bool>("--double") { Description = "Computes in float64 instead of float32." };
        command.Add(path);
        command.Add(steps);
        var integerScales = new Option<bool>("--integer-scales") { Description = "Gives the Child scales that are integers from 32 on, so that its sums are exact." };
        command.Add(isDouble);
        command.Add(integerScales);
        command.SetAction(parsed =>
        {
            var batches = Math.Max(1, parsed.GetValue(steps));
            using var fixture = new StepFixture(size.Read(parsed, batches), batches, parsed.GetValue(isDouble) ? ScalarType.Float64 : ScalarType.Float32);
            if (parsed.GetValue(integerScales))
            {
                SetIntegerScales(fixture.Networks.Child.Network);
            }

            Export(fixture, parsed.GetValue(path)!, parsed.GetValue(steps), parsed.GetValue(integerScales));
        });
        return command;
    }

    private static void Export(StepFixture fixture, string path, int steps, bool integerScales)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        AddState(tensors, "", fixture.Networks);
        AddBatches(tensors, "weights", fixture.WeightBatches);
        AddBatches(tensors, "alpha", fixture.AlphaBatches);
        if (steps > 0)
        {
            AddExpected(tensors, fixture, steps);
            AddState(tensors, "after.", fixture.Networks);
        }

        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["options"] = Describe(fixture, steps, integerScales) });
    }

    /// <summary>beta = 32 + (channel mod 8): softplus(x) is x there, and sums of whole numbers have no rounding.</summary>
    /// <remarks>
    /// A sum of ±beta that equals the mean of its channel, which happens in one channel out of a hundred, becomes sign(0); with other scales rounding
    /// decides, and two correct programs differ. The number of images must be a power of two, so that means are exact too.
    /// </remarks>
    private static void SetIntegerScales(Supernet child)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, rho) in child.named_parameters().Where(named => named.name.EndsWith(".rho", StringComparison.Ordinal)))
        {
            rho.copy_(arange(rho.numel()).remainder(8).add(32).view(rho.shape));
        }
    }

    private static void AddState(Dictionary<string, Tensor> tensors, string prefix, SearchNetworks networks)
    {
        foreach (var (name, side) in ((string, SearchNetworks.Side)[])[("parent", networks.Parent), ("child", networks.Child)])
        {
            foreach (var (parameterName, parameter) in side.Network.named_parameters())
            {
                tensors.Add($"{prefix}{name}.{parameterName}", parameter.detach().clone());
            }

            foreach (var (alphaName, alpha) in side.Architecture.Names.Zip(side.Architecture.All))
            {
                tensors.Add($"{prefix}{name}_alpha.{alphaName}", alpha.detach().clone());
            }
        }
    }

    private static void AddBatches(Dictionary<string, Tensor> tensors, string half, IReadOnlyList<Batch> batches)
    {
        for (var k = 0; k < batches.Count; k++)
        {
            tensors.Add($"{half}_images.{k}", batches[k].Images);
            tensors.Add($"{half}_labels.{k}", batches[k].Labels);
        }
    }

    private static void AddExpected(Dictionary<string, Tensor> tensors, StepFixture fixture, int steps)
    {
        var (batch, parent, child) = (fixture.AlphaBatches[0], fixture.Networks.Parent, fixture.Networks.Child);
        var loss = Objectives.CrossEntropy(parent.Network.Logits(batch.Images, parent.Architecture), batch.Labels);
        tensors.Add("expect.parent_alpha_gradient", ParameterVector.Join(Autograd.Grad([loss], parent.Architecture.All)));
        var tangent = new TangentPropagation(new Search.Curvatures.GaussNewton(), fixture.Options.Distance, fixture.Options.EffectiveTangent);
        var gradient = tangent.Compute(parent.Network, parent.Architecture, child.Network, child.Architecture, batch.Images, batch.Labels);
        tensors.Add("expect.child_alpha_gradient", ParameterVector.Join(gradient.Parts));

        AddMatchGradient(tensors, fixture);
        var search = fixture.Steps();
        for (var k = 0; k < steps; k++)
        {
            foreach (var part in Order)
            {
                var result = part.Run(search, fixture, k);
                tensors.Add($"expect.loss.{k}.{part.Name}", tensor(result.Loss, dtype: ScalarType.Float64));
            }
        }
    }

    /// <summary>d KL(p || q)/d w_hat; in the weight step itself the reconstruction error outweighs it.</summary>
    private static void AddMatchGradient(Dictionary<string, Tensor> tensors, StepFixture fixture)
    {
        var (batch, child) = (fixture.WeightBatches[0], fixture.Networks.Child);
        var (_, logP) = TangentPropagation.ParentTangent(
            fixture.Networks.Parent.Network, fixture.Networks.Parent.Architecture, batch.Images, batch.Labels, needsTangent: false);
        var named = child.Network.named_parameters().ToList();
        var gradients = Autograd.Grad([-Objectives.Match(logP, child.Network.Logits(batch.Images, child.Architecture))], [.. named.Select(pair => pair.parameter)]);
        foreach (var ((name, _), gradient) in named.Zip(gradients))
        {
            tensors.Add($"expect.match_gradient.{name}", gradient);
        }
    }

    private static string Describe(StepFixture fixture, int steps, bool integerScales)
    {
        var options = fixture.Options;
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["cells"] = options.Cells,
            ["channels"] = options.Channels,
            ["partial_channels"] = options.PartialChannels,
            ["classes"] = fixture.Classes,
            ["batches"] = fixture.WeightBatches.Count,
            ["steps"] = steps,
            ["integer_scales"] = integerScales,
            ["weight_rate"] = options.WeightRate,
            ["momentum"] = options.Momentum,
            ["weight_decay"] = options.WeightDecay,
            ["gradient_clip"] = options.GradientClip,
            ["architecture_rate"] = options.ArchitectureRate!.Value,
            ["architecture_weight_decay"] = options.ArchitectureWeightDecay,
            ["lambda"] = options.Lambda!.Value,
            ["mu"] = options.EffectiveMu,
        });
    }
}
