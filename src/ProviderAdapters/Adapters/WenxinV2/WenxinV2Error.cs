using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>Errors of the second generation, where a status says less than the code with it: 401 may mean the model, 403 the prompt.</summary>
internal static class WenxinV2Error
{
    public static ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        if (UpstreamError.Read(body) is not { } said) return UpstreamError.Judge(status, body, channel, model);

        return ((int)status, said.Type, said.Code) switch
        {
            (400 or 403, "unsafe_request", _) => Theirs(said, "content_policy_violation"),
            (400, _, "characters_too_long" or "tokens_too_long") => Theirs(said, "context_length_exceeded"),
            (401, _, "invalid_model") => Ours(FaultScope.Model, CallFailure.ModelNotFound, StatusCodes.Status404NotFound),
            (403, _, "model_offline") => Ours(FaultScope.Model, CallFailure.NoChannel, StatusCodes.Status503ServiceUnavailable),
            (405, _, _) => Ours(FaultScope.Model, CallFailure.ProviderError, StatusCodes.Status502BadGateway),
            (503, _, _) => Ours(FaultScope.Attempt, CallFailure.NoChannel, StatusCodes.Status503ServiceUnavailable),
            _ => UpstreamError.Judge(status, body, channel, model),
        };

        ProviderFault Ours(FaultScope scope, CallFailure failure, int shown) => new(scope, failure, shown, ClientError.Of(failure, model.Name));

        ProviderFault Theirs(ClientError words, string code) => new(FaultScope.Call, CallFailure.InvalidRequest, StatusCodes.Status400BadRequest, new ClientError(
            new UpstreamText(channel, model).Clean(words.Message), "invalid_request_error", "messages", code));
    }
}
