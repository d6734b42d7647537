using System.Diagnostics;
using System.Runtime.InteropServices;
using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Stress;

/// <summary>What TorchSharp does not survive without the cures of DcpNas.Native.</summary>
internal static class Scenarios
{
    private const int StepsPerSafePoint = 20;

    // Operations must last long enough for the finalizer thread to run beside them, and freed tensors must go back to the system.
    private const int Side = 1000;

    public static IReadOnlyDictionary<string, Func<bool, TimeSpan, bool>> All { get; } = new Dictionary<string, Func<bool, TimeSpan, bool>>
    {
        ["scalars-allocating"] = (_, time) => Beside(Allocate, time, HiddenScalars),
        ["scalars-collecting"] = (_, time) => Beside(Collect, time, HiddenScalars),
        ["temporaries-collecting"] = (_, time) => Beside(Collect, time, Temporaries),
        ["function-collecting"] = (_, time) => Beside(Collect, time, CustomFunction),
        ["training-allocating"] = (_, time) => Beside(Allocate, time, new Training().Step),
        ["grad-freed-graph"] = (isCured, _) => FreedGraph(isCured),
        ["grad-unused-input"] = (isCured, _) => UnusedInput(isCured),
        ["throwing-backward"] = (isCured, _) => ThrowingBackward(isCured),
        ["fault-after-tile-bytes"] = (isCured, _) => Tiles.FaultAfterTheirBytes(isCured),
        ["fault-after-int8"] = (isCured, _) => Tiles.FaultAfterInt8(isCured),
        ["fault-after-bfloat16"] = (_, _) => Tiles.FaultAfterBfloat16(),
        ["exit-while-parked"] = (_, _) => true,
        ["exit-after-release"] = (_, _) => Exit(),
        ["sleep"] = (_, time) => Sleep(time),
    };

    // A training loop on this thread, and another thread that makes the collector run.
    private static bool Beside(Action disturb, TimeSpan time, Func<bool> step)
    {
        var isOver = false;
        var disturber = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                disturb();
            }
        });
        disturber.Start();
        var isRight = true;
        var start = Stopwatch.GetTimestamp();
        for (var steps = 1; isRight && Stopwatch.GetElapsedTime(start) < time; steps++)
        {
            isRight = step();
            if (steps % StepsPerSafePoint == 0)
            {
                FinalizerGate.SafePoint();
            }
        }

        Volatile.Write(ref isOver, true);
        disturber.Join();
        return isRight;
    }

    private static void Allocate()
    {
        for (var i = 0; i < 1000; i++)
        {
            GC.KeepAlive(new byte[1000]);
        }
    }

    // The pause lets the other threads reach managed code again: endless collections starve them for minutes on two cores.
    private static void Collect()
    {
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
        }

        Thread.Sleep(1);
    }

    // Every addition makes a Scalar of 1 inside TorchSharp.
    private static bool HiddenScalars()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(64, 64);
        var one = ones(64, 64);
        for (var i = 0; i < 200; i++)
        {
            sum.add_(one);
            sum = (sum * 1.0) + 0.0;
        }

        return sum.sum().item<float>() == 200 * 64 * 64;
    }

    // Nothing is scoped or disposed: each intermediate tensor is garbage as soon as its handle is read.
    private static bool Temporaries()
    {
        var total = 0f;
        for (var i = 0; i < 10; i++)
        {
            total += (((ones(Side, Side) + ones(Side, Side)) * ones(Side, Side)) - ones(Side, Side)).mean().item<float>();
        }

        return total == 10;
    }

    private static bool CustomFunction()
    {
        using var scope = NewDisposeScope();
        var input = ones(Side, Side).requires_grad_();
        var value = input + 0.0;
        for (var i = 0; i < 5; i++)
        {
            value = Doubling.apply(value) * 0.5;
        }

        var gradient = Autograd.Grad([value.sum()], [input])[0];
        return gradient.mean().item<float>() == 1;
    }

    private static bool FreedGraph(bool isCured)
    {
        using var scope = NewDisposeScope();
        var input = ones(3).requires_grad_();
        var loss = (input * input).sum();
        Autograd.Grad([loss], [input]);
        return Refuses<InvalidOperationException>(() => _ = isCured ? Autograd.Grad([loss], [input]) : [.. autograd.grad([loss], [input])]);
    }

    private static bool UnusedInput(bool isCured)
    {
        using var scope = NewDisposeScope();
        var input = ones(3).requires_grad_();
        var other = ones(3).requires_grad_();
        var loss = (input * input).sum();
        var gradients = isCured ? Autograd.Grad([loss], [input, other]) : [.. autograd.grad([loss], [input, other])];
        return gradients[1].sum().item<float>() == 0;
    }

    private static bool ThrowingBackward(bool isCured)
    {
        using var scope = NewDisposeScope();
        var input = ones(3).requires_grad_();
        var loss = (isCured ? GuardedThrowing.apply(input) : Throwing.apply(input)).sum();
        return Refuses<NotSupportedException>(() => Autograd.Backward(loss));
    }

    private static bool Refuses<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (Exception exception) when (exception is T or ExternalException)
        {
            return true;
        }
    }

    private static bool Exit()
    {
        FinalizerGate.Release();
        Environment.Exit(7);
        return false;
    }

    private static bool Sleep(TimeSpan time)
    {
        Console.WriteLine("ready");
        Thread.Sleep(time);
        return true;
    }
}
