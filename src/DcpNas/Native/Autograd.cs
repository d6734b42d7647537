using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>The only gate to gradients: errors come back as exceptions and never end the process.</summary>
/// <remarks>
/// An error inside <c>torch.autograd.grad</c> of TorchSharp (a freed graph, an unused input) ends the process, and no check beforehand can see every
/// one. <see cref="Grad"/> therefore calls the same libtorch function through a TorchScript function, whose errors are caught in native code
/// (docs/adr/0007). An exception inside a C# <c>Function.backward</c> also ends the process; <see cref="Guard"/> carries it over.
/// </remarks>
public static partial class Autograd
{
    // The call cannot return a list with holes: an unused input travels as an empty tensor, and a last tensor marks the unused ones with 1.
    private const string Script = """
        def grad(outputs: List[Tensor], inputs: List[Tensor], weights: Optional[List[Tensor]], retain: bool, create: bool) -> List[Tensor]:
            given: Optional[List[Optional[Tensor]]] = None
            if weights is not None:
                some: List[Optional[Tensor]] = []
                for weight in weights:
                    some.append(weight)
                given = some
            found = torch.autograd.grad(outputs, inputs, given, retain, create, True)
            result: List[Tensor] = []
            unused = torch.zeros([len(inputs)])
            for i in range(len(found)):
                gradient = found[i]
                if gradient is None:
                    unused[i] = 1
                    result.append(torch.empty([0]))
                else:
                    result.append(gradient)
            result.append(unused)
            return result

        """;

    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    /// <summary>The gradients of <c>sum_k &lt;gradOutputs[k], outputs[k]&gt;</c> with respect to the inputs; leaves <c>.grad</c> of every tensor alone.</summary>
    /// <param name="outputs">At least one, each with a gradient.</param>
    /// <param name="inputs">At least one, each with a gradient; leaves or intermediate results.</param>
    /// <param name="gradOutputs">One per output, same shapes; null means 1 and requires outputs of one element.</param>
    /// <param name="retainGraph">Whether the graph may be used again.</param>
    /// <param name="createGraph">Whether the results can be differentiated again; implies <paramref name="retainGraph"/>.</param>
    /// <returns>One per input, shaped like it; zeros where the outputs do not depend on it. They belong to the current dispose scope.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or no gradient.</exception>
    /// <exception cref="InvalidOperationException">libtorch refused, for example because the graph was freed by an earlier call.</exception>
    public static Tensor[] Grad(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? gradOutputs = null, bool retainGraph = false, bool createGraph = false)
    {
        var found = GradOrNull(outputs, inputs, gradOutputs, retainGraph, createGraph);
        var gradients = new Tensor[found.Length];
        for (var i = 0; i < found.Length; i++)
        {
            gradients[i] = found[i] ?? zeros_like(inputs[i]).detach_();
        }

        return gradients;
    }

    /// <summary>As <see cref="Grad"/>, but null where the outputs do not depend on an input.</summary>
    /// <inheritdoc cref="Grad"/>
    public static Tensor?[] GradOrNull(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? gradOutputs = null, bool retainGraph = false, bool createGraph = false)
    {
        Check(outputs, inputs, gradOutputs);
        var result = Run(() => (Tensor[])Compiled.Value.invoke("grad", outputs.ToArray(), inputs.ToArray(), gradOutputs?.ToArray()!, retainGraph || createGraph, createGraph));
        var gradients = new Tensor?[inputs.Count];
        Array.Copy(result, gradients, inputs.Count);
        using var unused = result[^1];
        var flags = unused.data<float>();
        for (var i = 0; i < gradients.Length; i++)
        {
            if (flags[i] != 0)
            {
                gradients[i]!.Dispose();
                gradients[i] = null;
            }
        }

        return gradients;
    }

    /// <summary>Adds the gradients of a loss to <c>.grad</c> of the leaves, and rethrows what <see cref="Guard"/> caught meanwhile.</summary>
    /// <param name="loss">One element.</param>
    /// <param name="retainGraph">Whether the graph may be used again.</param>
    /// <exception cref="ArgumentException">The loss has more than one element or no gradient.</exception>
    /// <exception cref="InvalidOperationException">libtorch refused, for example because the graph was freed by an earlier call.</exception>
    public static void Backward(Tensor loss, bool retainGraph = false)
    {
        Check([loss], null, null);
        Run(() =>
        {
            autograd.backward([loss], null, retain_graph: retainGraph);
            return true;
        });
    }

    private static void Check(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor>? inputs, IReadOnlyList<Tensor>? gradOutputs)
    {
        CheckList(outputs, nameof(outputs));
        if (inputs is not null)
        {
            CheckList(inputs, nameof(inputs));
        }

        if (gradOutputs is not null && gradOutputs.Count != outputs.Count)
        {
            throw new ArgumentException($"gradOutputs must have one tensor per output ({outputs.Count}), got {gradOutputs.Count}.", nameof(gradOutputs));
        }

        for (var i = 0; i < outputs.Count; i++)
        {
            if (gradOutputs is not null)
            {
                ShapeException.ThrowIfNot(gradOutputs[i], $"gradOutputs[{i}]", outputs[i].shape);
            }
            else if (outputs[i].numel() != 1)
            {
                throw new ArgumentException($"outputs[{i}] must have one element or a tensor in gradOutputs, got shape [{string.Join(", ", outputs[i].shape)}].", nameof(outputs));
            }
        }
    }

    private static void CheckList(IReadOnlyList<Tensor> tensors, string name)
    {
        ArgumentNullException.ThrowIfNull(tensors, name);
        if (tensors.Count == 0)
        {
            throw new ArgumentException($"{name} must hold at least one tensor.", name);
        }

        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i] is null || tensors[i].IsInvalid)
            {
                throw new ArgumentException($"{name}[{i}] must be a tensor, got {(tensors[i] is null ? "null" : "a disposed one")}.", name);
            }

            if (!tensors[i].requires_grad)
            {
                throw new ArgumentException($"{name}[{i}] must have a gradient (requires_grad), got a constant of shape [{string.Join(", ", tensors[i].shape)}].", name);
            }
        }
    }

    private static T Run<T>(Func<T> backward)
    {
        using var pass = new Pass();
        T result;
        try
        {
            result = backward();
        }
        catch (ExternalException exception)
        {
            pass.Rethrow();
            throw new InvalidOperationException($"libtorch could not compute the gradient: {Reason(exception.Message)}", exception);
        }

        pass.Rethrow();
        return result;
    }

    // The interpreter puts its own traceback before the reason, libtorch the C++ one behind it.
    private static string Reason(string message)
    {
        const string mark = "RuntimeError: ";
        var start = message.LastIndexOf(mark, StringComparison.Ordinal);
        var reason = start < 0 ? message : message[(start + mark.Length)..];
        var end = reason.IndexOf("\nException raised from", StringComparison.Ordinal);
        return (end < 0 ? reason : reason[..end]).Trim();
    }
}
