using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Aigc2d.ServiceDefaults.Internal;

/// <summary>The deadline, the one retry and the circuit of an internal edge (reliability.md §2): usually 250 ms an attempt, 1 s in all, open 1 s.</summary>
internal sealed class ResilienceHandler : DelegatingHandler
{
    public static readonly TimeSpan UsualAttemptLimit = TimeSpan.FromMilliseconds(250);

    private readonly string _service;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public ResilienceHandler(string service, TimeSpan attemptLimit, TimeProvider time)
    {
        _service = service;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(TimeSpan.FromSeconds(1))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(20),
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome) && args.Outcome.Exception is not BrokenCircuitException),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(1),
                ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome)),
            })
            .AddTimeout(attemptLimit)
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (state, ct) => await state.Handler.SendOnceAsync(state.Request, ct), (Handler: this, Request: request), cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new HttpRequestException($"{_service} did not answer in time.", exception);
        }
        catch (BrokenCircuitException exception)
        {
            throw new HttpRequestException($"{_service} failed too often and is left alone for a second.", exception);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct) => base.SendAsync(request, ct);

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.InternalServerError;
}
