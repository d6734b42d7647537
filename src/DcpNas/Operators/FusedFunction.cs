using DcpNas.Native;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>An operator with a hand-written backward pass, differentiable once: the only class through which libtorch calls back into C#.</summary>
/// <remarks>
/// A subclass computes values and gradients; recording, saved tensors, dispose scopes and the <see cref="Autograd.Guard"/> that keeps an exception of a
/// backward pass away from libtorch are here (docs/adr/0007).
/// </remarks>
/// <typeparam name="TSelf">The operator.</typeparam>
/// <typeparam name="TPlan">What it has to know besides tensors.</typeparam>
internal abstract class FusedFunction<TSelf, TPlan> : autograd.SingleTensorFunction<TSelf>
    where TSelf : FusedFunction<TSelf, TPlan>, new()
{
    private const string CallKey = "call";

    public sealed override string Name => typeof(TSelf).Name;

    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (Call)vars[0];
        var result = Forward(call.Plan, call.Inputs.Unpack([.. vars.Skip(1).Cast<Tensor>()]), call.Wanted, out var saved);
        call.Saved = new Optional(saved);
        ctx.save_for_backward([.. saved.OfType<Tensor>()]);
        ctx.save_data(CallKey, call);
        ctx.set_materialize_grads(false);
        return result;
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var call = (Call)ctx.get_data(CallKey);
        return Autograd.Guard(1 + call.Inputs.Count, () =>
        {
            if (grad_output is null || grad_output.IsInvalid)
            {
                return DeferredDisposal.Return(new Tensor?[1 + call.Inputs.Count]);
            }

            var gradients = Backward(call.Plan, call.Saved!.Unpack([.. ctx.get_saved_variables()]), call.Wanted, grad_output);
            grad_output.Dispose();
            return DeferredDisposal.Return([null, .. call.Inputs.Pack(gradients)]);
        });
    }

    /// <summary>The value, recorded for the backward pass where an input wants a gradient.</summary>
    /// <param name="plan">What the operator has to know besides tensors.</param>
    /// <param name="inputs">As many as the operator has arguments; null where one is left out.</param>
    protected static Tensor Run(TPlan plan, params Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        var wanted = Array.ConvertAll(inputs, Recording.Wants);
        if (!wanted.Contains(true))
        {
            return new TSelf().Forward(plan, inputs, wanted, out _).MoveToOuterDisposeScope();
        }

        var call = new Call(plan, wanted, new Optional(inputs));
        object[] arguments = [call, .. inputs.OfType<Tensor>()];
        return apply(arguments).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the value.</summary>
    /// <param name="plan">As given to <see cref="Run"/>.</param>
    /// <param name="inputs">As given to <see cref="Run"/>.</param>
    /// <param name="wanted">For each input, whether its gradient will be asked for.</param>
    /// <param name="saved">What the backward pass needs; inputs, results or null.</param>
    protected abstract Tensor Forward(TPlan plan, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved);

    /// <summary>Computes the gradients, one per input; null where none is wanted.</summary>
    /// <param name="plan">As given to <see cref="Run"/>.</param>
    /// <param name="saved">As <see cref="Forward"/> saved them.</param>
    /// <param name="wanted">For each input, whether its gradient is asked for.</param>
    /// <param name="gradient">Of the value, in any memory order.</param>
    protected abstract Tensor?[] Backward(TPlan plan, Tensor?[] saved, bool[] wanted, Tensor gradient);

    private sealed record Call(TPlan Plan, bool[] Wanted, Optional Inputs)
    {
        public Optional? Saved { get; set; }
    }

    /// <summary>Which of a fixed number of tensors are there: libtorch takes those alone.</summary>
    private sealed class Optional(Tensor?[] tensors)
    {
        private readonly bool[] _present = Array.ConvertAll(tensors, tensor => tensor is not null);

        public int Count { get; } = tensors.Count(tensor => tensor is not null);

        public Tensor?[] Unpack(Tensor[] present)
        {
            var next = 0;
            return Array.ConvertAll(_present, isPresent => isPresent ? present[next++] : null);
        }

        public IEnumerable<Tensor?> Pack(Tensor?[] all) => all.Where((_, i) => _present[i]);
    }
}
