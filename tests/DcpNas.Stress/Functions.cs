using DcpNas.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace DcpNas.Stress;

/// <summary>y = 2 x, with a backward that makes temporaries.</summary>
internal sealed class Doubling : SingleTensorFunction<Doubling>
{
    public override string Name => nameof(Doubling);

    public override Tensor forward(AutogradContext context, params object[] arguments)
    {
        var input = (Tensor)arguments[0];
        context.save_for_backward([input]);
        return input + input;
    }

    public override List<Tensor> backward(AutogradContext context, Tensor gradient)
    {
        var input = context.get_saved_variables()[0];
        return [((gradient * 1.0) + gradient) + (input * 0.0)];
    }
}

/// <summary>An exception in C# below libtorch.</summary>
internal sealed class Throwing : SingleTensorFunction<Throwing>
{
    public override string Name => nameof(Throwing);

    public override Tensor forward(AutogradContext context, params object[] arguments) => ((Tensor)arguments[0]).clone();

    public override List<Tensor> backward(AutogradContext context, Tensor gradient) => throw new NotSupportedException("not supported");
}

/// <summary>The same behind the guard.</summary>
internal sealed class GuardedThrowing : SingleTensorFunction<GuardedThrowing>
{
    public override string Name => nameof(GuardedThrowing);

    public override Tensor forward(AutogradContext context, params object[] arguments) => ((Tensor)arguments[0]).clone();

    public override List<Tensor> backward(AutogradContext context, Tensor gradient) =>
        Autograd.Guard(1, () => throw new NotSupportedException("not supported"));
}
